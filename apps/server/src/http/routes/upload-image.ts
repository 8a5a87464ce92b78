import { Image, Wait } from '@calotype/contract'
import { acceptUpload, DomainError, type Image as DomainImage, waitForImage } from '@calotype/core'
import type { Deps } from '../../deps.ts'
import type { App } from '../app.ts'
import { actorOf, contextOf } from '../authentication.ts'
import { readUploadForm } from '../multipart-form.ts'
import { presentImage } from '../present-image.ts'
import { withProblems } from '../route-schema.ts'
import { fieldsOf } from '../upload-fields.ts'
import { createUploadSlots } from '../upload-slots.ts'

/** What `wait=ready` answers for an image that failed: its own problem, with the image's id. */
function failureOf(image: DomainImage): DomainError {
  const { code, detail } = image.failure ?? { code: 'internal', detail: 'This image failed for an unknown reason.' }
  return new DomainError('content', code, detail, { image_id: image.id })
}

/** `POST /images/upload`: one file through the API, streamed to storage. */
export function uploadImage(app: App, deps: Deps): void {
  const slots = createUploadSlots(deps.maxUploadsInFlight)
  const schema = {
    summary: 'Upload an image through the API',
    description:
      'multipart/form-data with `file` and optional `project_id`, `sha256`, `detection_types`, `priority`, `alt`, `reference`, `attributes` (JSON), in any order.',
    consumes: ['multipart/form-data'],
    tags: ['images'],
    'x-permission': 'image.write' as const,
    querystring: Wait,
    response: withProblems({ 200: Image, 201: Image, 202: Image }, [400, 403, 409, 413, 415, 422, 503]),
  }
  app.post('/images/upload', { config: { idempotent: true }, schema }, async (request, reply) => {
    const ctx = contextOf(request)
    const { image, duplicate } = await slots.hold(() =>
      acceptUpload(deps, ctx, async takeFile =>
        fieldsOf(
          await readUploadForm(request, file =>
            takeFile({ ...file, projectId: fieldsOf(file.fieldsSoFar).project_id ?? null }),
          ),
        ),
      ),
    )
    request.imageId = image.id
    request.projectId = image.projectId
    const to = { actor: actorOf(request), uriPrefix: deps.blobs.uriPrefix }
    if (request.query.wait !== 'ready') {
      const body = presentImage(image, to)
      return duplicate ? reply.code(200).send({ ...body, duplicate }) : reply.code(202).send(body)
    }
    const settled = await waitForImage(deps, ctx, {
      imageId: image.id,
      projectId: image.projectId,
      signal: AbortSignal.any([request.signal, deps.stopping]),
    })
    if (settled.status === 'failed') throw failureOf(settled)
    const body = presentImage(settled, to)
    if (duplicate) return reply.code(200).send({ ...body, duplicate })
    return reply.code(settled.status === 'ready' ? 201 : 202).send(body)
  })
}
