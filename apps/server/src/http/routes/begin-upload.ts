import { KnownUpload, UploadUrl, UploadUrlRequest } from '@calotype/contract'
import { beginUpload as begin } from '@calotype/core'
import type { Deps } from '../../deps.ts'
import type { App } from '../app.ts'
import { contextOf } from '../authentication.ts'
import { presentKnown, presentUploadUrl, uploadInputOf } from '../present-upload.ts'
import { withProblems } from '../route-schema.ts'

/** `POST /images/upload-url`: a signed URL to send the bytes to, never through the API. */
export function beginUpload(app: App, deps: Deps): void {
  const schema = {
    summary: 'Ask for a signed upload URL',
    tags: ['images'],
    'x-permission': 'image.write' as const,
    body: UploadUrlRequest,
    response: withProblems({ 200: KnownUpload, 201: UploadUrl }, [400, 403, 409, 413, 422, 429]),
  }
  const config = { rateLimit: 'upload-urls' as const, idempotent: true as const }
  app.post('/images/upload-url', { config, schema }, async (request, reply) => {
    const begun = await begin(deps, contextOf(request), uploadInputOf(request.body))
    request.imageId = begun.imageId
    return begun.duplicate
      ? reply.code(200).send(presentKnown(deps, begun.imageId))
      : reply.code(201).send(presentUploadUrl(deps, begun))
  })
}
