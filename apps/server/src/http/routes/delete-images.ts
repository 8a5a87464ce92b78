import { DeleteAnswer, DeleteRequest, ImageIdParams } from '@calotype/contract'
import { deleteImage, deleteImages as deleteMany } from '@calotype/core'
import { z } from 'zod'
import type { Deps } from '../../deps.ts'
import type { App } from '../app.ts'
import { contextOf } from '../authentication.ts'
import { withProblems } from '../route-schema.ts'

const Empty = z.null().optional().meta({ description: 'No content' })

/** `DELETE /images/{id}` and `POST /images/delete`: gone for readers at once, and for good when the retention is over. */
export function deleteImages(app: App, deps: Deps): void {
  const schema = {
    summary: 'Delete an image',
    description:
      'It can be restored until `purge_at`, which the retention of its project decides; then its original and all variants are removed.',
    tags: ['images'],
    'x-permission': 'image.delete_own' as const,
    params: ImageIdParams,
    response: withProblems({ 202: Empty, 204: Empty }, [400, 403, 409]),
  }
  app.delete('/images/:id', { schema }, async (request, reply) => {
    request.imageId = request.params.id
    const fresh = await deleteImage(deps, contextOf(request), { imageId: request.params.id })
    return reply.code(fresh ? 202 : 204).send(undefined)
  })

  const manySchema = {
    summary: 'Delete up to 1,000 images',
    tags: ['images'],
    'x-permission': 'image.delete_own' as const,
    body: DeleteRequest,
    response: withProblems({ 202: DeleteAnswer }, [400, 403]),
  }
  app.post('/images/delete', { schema: manySchema }, async (request, reply) => {
    const { accepted, notFound } = await deleteMany(deps, contextOf(request), { imageIds: request.body.image_ids })
    return reply.code(202).send({ accepted, not_found: notFound })
  })
}
