import { type UploadUrlResult, UploadUrls, UploadUrlsRequest } from '@calotype/contract'
import { type BegunUpload, beginUploads as begin, DomainError } from '@calotype/core'
import type { Deps } from '../../deps.ts'
import type { App } from '../app.ts'
import { contextOf } from '../authentication.ts'
import { presentKnown, presentUploadUrl, uploadInputOf } from '../present-upload.ts'
import { itemLimited, takeUnits } from '../rate-limit.ts'
import { withProblems } from '../route-schema.ts'

/** A hundred items with the longest names and labels that are accepted. */
const MAX_BATCH_BYTES = 1024 * 1024

function present(deps: Deps, begun: BegunUpload | DomainError): UploadUrlResult {
  if (begun instanceof DomainError) return { ok: false, code: begun.code, detail: begun.message }
  return begun.duplicate
    ? { ok: true, ...presentKnown(deps, begun.imageId) }
    : { ok: true, ...presentUploadUrl(deps, begun) }
}

/** `POST /images/upload-urls`: up to 100 signed URLs, each item with its own result and each counting for the rate limit. */
export function beginUploads(app: App, deps: Deps): void {
  const schema = {
    summary: 'Ask for up to 100 signed upload URLs',
    description:
      'Each item counts for the rate limit. Items past it answer `ok: false` with `rate_limited`; when none is left, the whole call is 429.',
    tags: ['images'],
    'x-permission': 'image.write' as const,
    body: UploadUrlsRequest,
    response: withProblems({ 200: UploadUrls }, [400, 403, 409, 413, 429]),
  }
  const options = {
    config: { rateLimit: 'upload-urls' as const, idempotent: true as const },
    bodyLimit: MAX_BATCH_BYTES,
    schema,
  }
  app.post('/images/upload-urls', options, async (request, reply) => {
    const inputs = request.body.items.map(uploadInputOf)
    // The call itself has counted for the first one.
    const further = inputs.length > 1 ? await takeUnits(deps, request, reply, inputs.length - 1) : null
    const granted = inputs.slice(0, 1 + (further?.allowed ?? 0))
    const begun = await begin(deps, contextOf(request), granted)
    const limited = further ? inputs.slice(granted.length).map(() => itemLimited(deps, further)) : []
    return { items: [...begun, ...limited].map(item => present(deps, item)) }
  })
}
