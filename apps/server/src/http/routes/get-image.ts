import { Image, ImageIdParams, Metadata, Wait } from '@calotype/contract'
import { getImage as get, imageNotReady, waitForImage } from '@calotype/core'
import { z } from 'zod'
import type { Deps } from '../../deps.ts'
import type { App } from '../app.ts'
import { actorOf, contextOf } from '../authentication.ts'
import { createImageAnswers } from '../image-answers.ts'
import { presentImage } from '../present-image.ts'
import { matchesETag } from '../ranges.ts'
import { withProblems } from '../route-schema.ts'
import { sendWritten } from '../send-written.ts'

/** `GET /images/{id}` and `GET /images/{id}/metadata`. */
export function getImage(app: App, deps: Deps): void {
  const answers = createImageAnswers(deps)
  const schema = {
    summary: 'Get an image',
    tags: ['images'],
    'x-permission': 'image.read' as const,
    params: ImageIdParams,
    querystring: Wait,
    response: withProblems({ 200: Image, 304: z.null().optional().meta({ description: 'Not modified' }) }, [400]),
  }
  app.get('/images/:id', { schema }, async (request, reply) => {
    const ctx = contextOf(request)
    const imageId = request.params.id
    request.imageId = imageId
    let answer = await answers.find(ctx, imageId)
    request.projectId = answer.projectId
    if (request.query.wait === 'ready') {
      const signal = AbortSignal.any([request.signal, deps.stopping])
      answer = answers.write(await waitForImage(deps, ctx, { imageId, projectId: answer.projectId, signal }), ctx.actor)
    }
    const { body, etag } = answer
    reply.header('etag', etag).header('cache-control', 'private, no-cache')
    if (matchesETag(request.headers['if-none-match'], etag)) return reply.code(304).send(undefined)
    return sendWritten(reply.code(200), body)
  })

  const metadataSchema = {
    summary: 'Get the metadata of an image',
    tags: ['images'],
    'x-permission': 'image.read' as const,
    params: ImageIdParams,
    response: withProblems({ 200: Metadata }, [400]),
  }
  app.get('/images/:id/metadata', { schema: metadataSchema }, async request => {
    request.imageId = request.params.id
    const image = await get(deps, contextOf(request), { imageId: request.params.id })
    const { metadata } = presentImage(image, { actor: actorOf(request), uriPrefix: deps.blobs.uriPrefix })
    if (!metadata) throw imageNotReady(image.status)
    return metadata
  })
}
