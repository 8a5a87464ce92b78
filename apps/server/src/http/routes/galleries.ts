import {
  EntityParams,
  EntityQuery,
  Gallery,
  GalleryCaption,
  GalleryImageParams,
  GalleryItem,
  GalleryOrder,
  GalleryPrimary,
  GalleryRequest,
} from '@calotype/contract'
import {
  type AddedToGallery,
  addToGallery,
  captionImage,
  getGallery,
  notFound,
  orderGallery,
  removeFromGallery,
  setPrimary,
  uploadToGallery,
} from '@calotype/core'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Deps } from '../../deps.ts'
import type { App } from '../app.ts'
import { actorOf, contextOf } from '../authentication.ts'
import { entityForm } from '../entity-form.ts'
import { parseFields } from '../parse-fields.ts'
import { presentGallery } from '../present-entity.ts'
import { withProblems } from '../route-schema.ts'
import { createUploadSlots } from '../upload-slots.ts'

const PATH = '/entities/:type/:entity_id/gallery'
const writes = { tags: ['entities'], 'x-permission': 'image.write' as const, querystring: EntityQuery }

/** `/entities/{type}/{entity_id}/gallery`: the ordered pictures of an entity. */
export function galleries(app: App, deps: Deps): void {
  readAndFill(app, deps)
  arrange(app, deps)
}

interface Asked {
  params: z.infer<typeof EntityParams>
  query: z.infer<typeof EntityQuery>
}

const addressOf = ({ params, query }: Asked) => ({
  type: params.type,
  entityId: params.entity_id,
  projectId: query.project_id ?? null,
})

async function present(deps: Deps, request: FastifyRequest, input: ReturnType<typeof addressOf>) {
  return presentGallery(deps, actorOf(request), await getGallery(deps, contextOf(request), input))
}

function readAndFill(app: App, deps: Deps): void {
  const getSchema = {
    tags: ['entities'],
    'x-permission': 'image.read' as const,
    summary: 'Get a gallery',
    params: EntityParams,
    querystring: EntityQuery,
    response: withProblems({ 200: Gallery }, [400]),
  }
  app.get(PATH, { schema: getSchema }, async (request, reply) =>
    reply.header('cache-control', 'no-store').send(await present(deps, request, addressOf(request))),
  )

  const uploads = createUploadSlots(deps.maxUploadsInFlight)
  const addSchema = {
    ...writes,
    summary: 'Add a picture to a gallery',
    description:
      'multipart/form-data with `file` and optional `caption`, `project_id`, `sha256`, or JSON `{image_id, caption?}`. It stands at the end at once; its URL comes when it is ready.',
    consumes: ['multipart/form-data', 'application/json'],
    params: EntityParams,
    response: withProblems({ 201: GalleryItem }, [400, 403, 409, 413, 415, 422, 503]),
  }
  app.post(PATH, { config: { idempotent: true }, schema: addSchema }, async (request, reply) => {
    const ctx = contextOf(request)
    const address = addressOf(request)
    if (request.isMultipart()) {
      const form = entityForm(request, request.query.project_id)
      return added(deps, request, reply, await uploads.hold(() => uploadToGallery(deps, ctx, address, form)))
    }
    const { image_id: imageId, caption = null, project_id } = parseFields(GalleryRequest, request.body ?? {})
    const projectId = address.projectId ?? project_id ?? null
    return added(deps, request, reply, await addToGallery(deps, ctx, { ...address, projectId, imageId, caption }))
  })
}

async function added(deps: Deps, request: FastifyRequest, reply: FastifyReply, made: AddedToGallery) {
  request.imageId = made.imageId
  request.projectId = made.projectId
  const { type, entity_id: entityId } = EntityParams.parse(request.params)
  // Whoever may write and not read is answered all the same about what it just added.
  const actor = actorOf(request)
  const reader = { ...contextOf(request), actor: actor.kind === 'service' ? { ...actor, scopes: READING } : actor }
  const gallery = await getGallery(deps, reader, { type, entityId, projectId: made.projectId })
  const item = presentGallery(deps, actor, gallery).items.find(each => each.image_id === made.imageId)
  if (!item) throw notFound()
  return reply.code(201).send(item)
}

const READING = ['image.read'] as const

function arrange(app: App, deps: Deps): void {
  const shared = { ...writes, params: EntityParams }
  const orderSchema = {
    ...shared,
    summary: 'Order a gallery',
    description: 'The complete list of its images; 409 with the difference when it is not.',
    body: GalleryOrder,
    response: withProblems({ 200: Gallery }, [400, 403, 409]),
  }
  app.put(`${PATH}/order`, { schema: orderSchema }, async request => {
    const address = addressOf(request)
    await orderGallery(deps, contextOf(request), { ...address, imageIds: request.body.image_ids })
    return present(deps, request, address)
  })

  const primarySchema = {
    ...shared,
    summary: 'Choose the primary picture',
    body: GalleryPrimary,
    response: withProblems({ 200: Gallery }, [400, 403]),
  }
  app.put(`${PATH}/primary`, { schema: primarySchema }, async request => {
    const address = addressOf(request)
    await setPrimary(deps, contextOf(request), { ...address, imageId: request.body.image_id })
    return present(deps, request, address)
  })

  const captionSchema = {
    ...writes,
    summary: 'Change the caption of a picture in a gallery',
    params: GalleryImageParams,
    body: GalleryCaption,
    response: withProblems({ 200: Gallery }, [400, 403]),
  }
  app.patch(`${PATH}/:image_id`, { schema: captionSchema }, async request => {
    const address = addressOf(request)
    const { caption } = request.body
    await captionImage(deps, contextOf(request), { ...address, imageId: request.params.image_id, caption })
    return present(deps, request, address)
  })

  const removeSchema = {
    ...writes,
    summary: 'Remove a picture from a gallery',
    description:
      'Deletes the image, unless a slot or another gallery shows it; restored, it stands in its place again.',
    params: GalleryImageParams,
    response: withProblems({ 204: z.null().optional().meta({ description: 'Removed' }) }, [400, 403]),
  }
  app.delete(`${PATH}/:image_id`, { schema: removeSchema }, async (request, reply) => {
    const input = { ...addressOf(request), imageId: request.params.image_id }
    await removeFromGallery(deps, contextOf(request), input)
    return reply.code(204).send(undefined)
  })
}
