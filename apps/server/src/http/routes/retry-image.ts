import { Image, ImageIdParams } from '@calotype/contract'
import { retryImage as retry } from '@calotype/core'
import type { Deps } from '../../deps.ts'
import type { App } from '../app.ts'
import { actorOf, contextOf } from '../authentication.ts'
import { presentImage } from '../present-image.ts'
import { withProblems } from '../route-schema.ts'

/** `POST /images/{id}/retry`: another try for a failed image that was no content verdict. */
export function retryImage(app: App, deps: Deps): void {
  const schema = {
    summary: 'Try a failed image again',
    tags: ['images'],
    'x-permission': 'image.write' as const,
    params: ImageIdParams,
    response: withProblems({ 202: Image }, [400, 403, 409, 410]),
  }
  app.post('/images/:id/retry', { schema }, async (request, reply) => {
    request.imageId = request.params.id
    const image = await retry(deps, contextOf(request), { imageId: request.params.id })
    return reply.code(202).send(presentImage(image, { actor: actorOf(request), uriPrefix: deps.blobs.uriPrefix }))
  })
}
