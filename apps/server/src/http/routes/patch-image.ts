import { Image, ImageIdParams, ImagePatch } from '@calotype/contract'
import { updateImage } from '@calotype/core'
import type { Deps } from '../../deps.ts'
import type { App } from '../app.ts'
import { actorOf, contextOf } from '../authentication.ts'
import { presentImage } from '../present-image.ts'
import { withProblems } from '../route-schema.ts'

/** `PATCH /images/{id}`: what the host product says about an image, and the project that it is in. */
export function patchImage(app: App, deps: Deps): void {
  const schema = {
    summary: 'Change labels of an image, or move it to another project',
    description:
      'What is left out stays, null clears. An image moves with all its bytes once it is `ready` or `failed`; the other project has to take such images and the caller has to write in both.',
    tags: ['images'],
    'x-permission': 'image.write' as const,
    params: ImageIdParams,
    body: ImagePatch,
    response: withProblems({ 200: Image }, [400, 403, 409, 422, 503]),
  }
  app.patch('/images/:id', { schema }, async request => {
    request.imageId = request.params.id
    const { project_id, ...labels } = request.body
    const input = { imageId: request.params.id, labels, projectId: project_id ?? null }
    const image = await updateImage(deps, contextOf(request), input)
    request.projectId = image.projectId
    return presentImage(image, { actor: actorOf(request), uriPrefix: deps.blobs.uriPrefix })
  })
}
