import { ImageIdParams, SignedUrl, SignedUrlQuery, SignedUrls, SignedUrlsRequest } from '@calotype/contract'
import { type SignedUrls as Signed, signUrls as signMany, signUrl } from '@calotype/core'
import type { Deps } from '../../deps.ts'
import type { App } from '../app.ts'
import { contextOf } from '../authentication.ts'
import { withProblems } from '../route-schema.ts'

const present = (signed: Signed): SignedUrl => ({
  image_id: signed.imageId,
  download_url: signed.downloadUrl,
  expires_at: signed.expiresAt.toISOString(),
  ...(signed.variants ? { variants: signed.variants } : {}),
})

/** `GET /images/{id}/signed-url` and `POST /images/signed-urls`: the same URL for everybody within a window. */
export function signUrls(app: App, deps: Deps): void {
  const schema = {
    summary: 'Get a signed URL of a variant',
    tags: ['delivery'],
    'x-permission': 'image.read' as const,
    params: ImageIdParams,
    querystring: SignedUrlQuery,
    response: withProblems({ 200: SignedUrl }, [400]),
  }
  app.get('/images/:id/signed-url', { schema }, async request => {
    request.imageId = request.params.id
    const { variant, format, include } = request.query
    const wanted = {
      imageId: request.params.id,
      variant,
      format: format ?? null,
      includeVariants: include === 'variants',
    }
    return present(await signUrl(deps, contextOf(request), wanted))
  })

  const manySchema = {
    summary: 'Get signed URLs of up to 50 images',
    tags: ['delivery'],
    'x-permission': 'image.read' as const,
    body: SignedUrlsRequest,
    response: withProblems({ 200: SignedUrls }, [400]),
  }
  app.post('/images/signed-urls', { schema: manySchema }, async request => {
    const { image_ids, variant } = request.body
    const { items, notFound } = await signMany(deps, contextOf(request), { imageIds: image_ids, variant })
    return { items: items.map(present), not_found: notFound }
  })
}
