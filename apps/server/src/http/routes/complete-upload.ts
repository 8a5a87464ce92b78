import { CompleteRequest, Image, ImageIdParams } from '@calotype/contract'
import { completeUpload as complete } from '@calotype/core'
import type { Deps } from '../../deps.ts'
import type { App } from '../app.ts'
import { actorOf, contextOf } from '../authentication.ts'
import { presentImage } from '../present-image.ts'
import { withProblems } from '../route-schema.ts'

/** `POST /images/{id}/complete`: the bytes are there, says the client; storage is asked. */
export function completeUpload(app: App, deps: Deps): void {
  const schema = {
    summary: 'Confirm a direct upload',
    tags: ['images'],
    'x-permission': 'image.write' as const,
    params: ImageIdParams,
    body: CompleteRequest.nullish(),
    response: withProblems({ 200: Image, 202: Image }, [400, 403, 409, 410, 422]),
  }
  app.post('/images/:id/complete', { schema }, async (request, reply) => {
    request.imageId = request.params.id
    const input = { imageId: request.params.id, sha256: request.body?.sha256 ?? null }
    const { image, first } = await complete(deps, contextOf(request), input)
    return reply
      .code(first ? 202 : 200)
      .send(presentImage(image, { actor: actorOf(request), uriPrefix: deps.blobs.uriPrefix }))
  })
}
