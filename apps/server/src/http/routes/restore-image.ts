import { Image, ImageIdParams } from '@calotype/contract'
import { restoreImage as restore } from '@calotype/core'
import type { Deps } from '../../deps.ts'
import type { App } from '../app.ts'
import { actorOf, contextOf } from '../authentication.ts'
import { presentImage } from '../present-image.ts'
import { withProblems } from '../route-schema.ts'

/** `POST /images/{id}/restore`: takes a delete back, until the image is purged. */
export function restoreImage(app: App, deps: Deps): void {
  const schema = {
    summary: 'Restore a deleted image',
    description:
      'It becomes what it was; variants that were withdrawn, as in public projects, are made again. From `purge_at` on: 404.',
    tags: ['images'],
    'x-permission': 'image.delete_own' as const,
    params: ImageIdParams,
    response: withProblems({ 200: Image }, [400, 403, 409, 410]),
  }
  app.post('/images/:id/restore', { schema }, async request => {
    request.imageId = request.params.id
    const image = await restore(deps, contextOf(request), { imageId: request.params.id })
    request.projectId = image.projectId
    return presentImage(image, { actor: actorOf(request), uriPrefix: deps.blobs.uriPrefix })
  })
}
