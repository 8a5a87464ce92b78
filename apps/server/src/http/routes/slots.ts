import { EntityParams, EntityQuery, ReplacedSlot, Slot, SlotParams, SlotQuery, SlotRequest } from '@calotype/contract'
import {
  clearSlot,
  deleteEntity,
  getSlot,
  type Replacement,
  replaceSlot,
  setSlot,
  undoSlot,
  waitForReplacement,
} from '@calotype/core'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Deps } from '../../deps.ts'
import type { App } from '../app.ts'
import { actorOf, contextOf } from '../authentication.ts'
import { entityForm } from '../entity-form.ts'
import { parseFields } from '../parse-fields.ts'
import { presentReplacedSlot, presentSlot } from '../present-entity.ts'
import { withProblems } from '../route-schema.ts'
import { createUploadSlots } from '../upload-slots.ts'

const PATH = '/entities/:type/:entity_id/:slot'
const writes = { tags: ['entities'], 'x-permission': 'image.write' as const }

/** `/entities/{type}/{entity_id}/{slot}`: one picture in one place. */
export function slots(app: App, deps: Deps): void {
  replaceSlots(app, deps)
  readSlots(app, deps)
}

/** Waits for the picture; the place of the upload is free by then. */
async function answer(deps: Deps, request: FastifyRequest, reply: FastifyReply, name: string, accepted: Replacement) {
  request.imageId = accepted.imageId
  request.projectId = accepted.projectId
  const signal = AbortSignal.any([request.signal, deps.stopping])
  const done = await waitForReplacement(deps, accepted, { requestId: request.id, signal })
  const body = presentReplacedSlot(deps, actorOf(request), name, done)
  return reply.code(done.inPlace ? 200 : 202).send(body)
}

function replaceSlots(app: App, deps: Deps): void {
  const uploads = createUploadSlots(deps.maxUploadsInFlight)
  const schema = {
    ...writes,
    summary: 'Put a picture into a slot',
    description:
      'multipart/form-data with `file` and optional `project_id`, `sha256`, or JSON `{image_id}`. The old picture stays until the new one is ready and is deleted afterwards; any failure leaves it. 202 when that takes over 30 s: it comes into place by itself. 409 when a higher number was first.',
    consumes: ['multipart/form-data', 'application/json'],
    params: SlotParams,
    querystring: EntityQuery,
    response: withProblems({ 200: ReplacedSlot, 202: ReplacedSlot }, [400, 403, 409, 413, 415, 422, 503]),
  }
  app.post(PATH, { config: { idempotent: true }, schema }, async (request, reply) => {
    const ctx = contextOf(request)
    const { type, entity_id: entityId, slot } = request.params
    const address = { type, entityId, slot }
    if (request.isMultipart()) {
      const form = entityForm(request, request.query.project_id)
      const accepted = await uploads.hold(() => replaceSlot(deps, ctx, address, form))
      return answer(deps, request, reply, slot, accepted)
    }
    const body = parseFields(SlotRequest, request.body ?? {})
    const projectId = request.query.project_id ?? body.project_id ?? null
    const accepted = await setSlot(deps, ctx, { ...address, projectId, imageId: body.image_id })
    return answer(deps, request, reply, slot, accepted)
  })

  const undoSchema = {
    ...writes,
    summary: 'Bring the picture before back',
    description: 'Until it is purged. Undone again, the other one comes back.',
    params: SlotParams,
    querystring: EntityQuery,
    response: withProblems({ 200: ReplacedSlot, 202: ReplacedSlot }, [400, 403, 409, 410, 422]),
  }
  app.post(`${PATH}/undo`, { config: { idempotent: true }, schema: undoSchema }, async (request, reply) => {
    const { type, entity_id: entityId, slot } = request.params
    const address = { type, entityId, slot, projectId: request.query.project_id ?? null }
    return answer(deps, request, reply, slot, await undoSlot(deps, contextOf(request), address))
  })
}

function readSlots(app: App, deps: Deps): void {
  const getSchema = {
    tags: ['entities'],
    'x-permission': 'image.read' as const,
    summary: 'Get a slot',
    description: 'Its picture with a signed URL, and those before it. 404 when it is empty.',
    params: SlotParams,
    querystring: SlotQuery,
    response: withProblems({ 200: Slot }, [400]),
  }
  app.get(PATH, { schema: getSchema }, async (request, reply) => {
    const { type, entity_id: entityId, slot } = request.params
    const { project_id, include } = request.query
    const input = { type, entityId, slot, projectId: project_id ?? null, orEmpty: include === 'history' }
    const view = await getSlot(deps, contextOf(request), input)
    return reply.header('cache-control', 'no-store').send(presentSlot(deps, actorOf(request), view))
  })

  const gone = (description: string) => z.null().optional().meta({ description })
  const clearSchema = {
    ...writes,
    summary: 'Empty a slot',
    description: 'Its picture is deleted and can be brought back by undo until it is purged.',
    params: SlotParams,
    querystring: EntityQuery,
    response: withProblems({ 204: gone('Empty') }, [400, 403]),
  }
  app.delete(PATH, { schema: clearSchema }, async (request, reply) => {
    const { type, entity_id: entityId, slot } = request.params
    await clearSlot(deps, contextOf(request), { type, entityId, slot, projectId: request.query.project_id ?? null })
    return reply.code(204).send(undefined)
  })

  const entitySchema = {
    ...writes,
    summary: 'Delete every picture of an entity',
    description: 'Those of its slots and of its gallery; what another entity shows stays.',
    params: EntityParams,
    querystring: EntityQuery,
    response: withProblems({ 202: gone('Deleted; bytes go when the retention is over') }, [400, 403]),
  }
  app.delete('/entities/:type/:entity_id', { schema: entitySchema }, async (request, reply) => {
    const { type, entity_id: entityId } = request.params
    await deleteEntity(deps, contextOf(request), { type, entityId, projectId: request.query.project_id ?? null })
    return reply.code(202).send(undefined)
  })
}
