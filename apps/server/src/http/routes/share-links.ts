import {
  EntityParams,
  EntityQuery,
  GalleryPageQuery,
  ImageIdParams,
  NewShareLink,
  PageQuery,
  ShareLinkList,
  ShareLinkRequest,
} from '@calotype/contract'
import {
  createdId,
  createShareLink,
  getShareLink,
  listShareLinks,
  revokeShareLink,
  runOnce,
  type Shared,
} from '@calotype/core'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Deps } from '../../deps.ts'
import type { App } from '../app.ts'
import { contextOf } from '../authentication.ts'
import { presentShareLink } from '../present-entity.ts'
import { withProblems } from '../route-schema.ts'

const permission = { tags: ['sharing'], 'x-permission': 'share.manage' as const }
const GALLERY = '/entities/:type/:entity_id/gallery/share-links'
const IMAGE = '/images/:id/share-links'

/** Links that show one image or a gallery to whoever has them. */
export function shareLinks(app: App, deps: Deps): void {
  create(app, deps)
  list(app, deps)
  const revokeSchema = {
    ...permission,
    summary: 'Revoke a share link',
    description: 'Its page is gone at once; URLs of pictures that it showed end within their own time. Again: 204.',
    params: ImageIdParams,
    response: withProblems({ 204: z.null().optional().meta({ description: 'Revoked' }) }, [400, 403]),
  }
  app.delete('/share-links/:id', { schema: revokeSchema }, async (request, reply) => {
    await revokeShareLink(deps, contextOf(request), { linkId: request.params.id })
    return reply.code(204).send(undefined)
  })
}

async function make(deps: Deps, request: FastifyRequest, shared: Shared, body: z.infer<typeof ShareLinkRequest>) {
  const ctx = contextOf(request)
  const input = { shared, expiresInSeconds: body.expires_in_seconds ?? null, title: body.title ?? null }
  const { link, token } = await runOnce(deps, ctx, input, {
    run: once => createShareLink(deps, once, input),
    // The token is nowhere: a repeated call names the link alone.
    repeat: async made => ({ link: await getShareLink(deps, ctx, { linkId: createdId(made) }), token: null }),
  })
  request.projectId = link.projectId
  return { ...presentShareLink(link), ...(token === null ? {} : { token, url: `${deps.publicUrl}/s/${token}` }) }
}

function create(app: App, deps: Deps): void {
  const shared = {
    ...permission,
    description: 'A page for whoever has the link, until it expires or is revoked. The token is answered once.',
    body: ShareLinkRequest.optional(),
    response: withProblems({ 201: NewShareLink }, [400, 403, 409]),
  }
  const imageSchema = { ...shared, summary: 'Share an image', params: ImageIdParams }
  app.post(IMAGE, { config: { idempotent: true }, schema: imageSchema }, async (request, reply) => {
    const made = await make(deps, request, { imageId: request.params.id }, request.body ?? {})
    return reply.code(201).header('cache-control', 'no-store').send(made)
  })
  const gallerySchema = { ...shared, summary: 'Share a gallery', params: EntityParams, querystring: EntityQuery }
  app.post(GALLERY, { config: { idempotent: true }, schema: gallerySchema }, async (request, reply) => {
    const { type, entity_id: entityId } = request.params
    const target = { type, entityId, projectId: request.query.project_id ?? null }
    const made = await make(deps, request, target, request.body ?? {})
    return reply.code(201).header('cache-control', 'no-store').send(made)
  })
}

function list(app: App, deps: Deps): void {
  const response = withProblems({ 200: ShareLinkList }, [400, 403])
  const page = async (request: FastifyRequest, shared: Shared, query: z.infer<typeof PageQuery>) => {
    const input = { shared, cursor: query.cursor ?? null, limit: query.limit }
    const { items, nextCursor } = await listShareLinks(deps, contextOf(request), input)
    return { items: items.map(presentShareLink), next_cursor: nextCursor }
  }
  const imageSchema = {
    ...permission,
    summary: 'List the share links of an image',
    description: 'Newest first, revoked and expired ones included.',
    params: ImageIdParams,
    querystring: PageQuery,
    response,
  }
  app.get(IMAGE, { schema: imageSchema }, request => page(request, { imageId: request.params.id }, request.query))
  const gallerySchema = {
    ...permission,
    summary: 'List the share links of a gallery',
    params: EntityParams,
    querystring: GalleryPageQuery,
    response,
  }
  app.get(GALLERY, { schema: gallerySchema }, request => {
    const { type, entity_id: entityId } = request.params
    return page(request, { type, entityId, projectId: request.query.project_id ?? null }, request.query)
  })
}
