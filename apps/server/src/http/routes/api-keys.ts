import {
  ApiKeyList,
  ApiKeyRequest,
  ImageIdParams,
  NewApiKey,
  PageQuery,
  type ApiKey as WireKey,
} from '@calotype/contract'
import { type ApiKey, createApiKey, createdId, getApiKey, listApiKeys, revokeApiKey, runOnce } from '@calotype/core'
import { z } from 'zod'
import type { Deps } from '../../deps.ts'
import type { App } from '../app.ts'
import { contextOf } from '../authentication.ts'
import { withProblems } from '../route-schema.ts'

/** `POST`, `GET` and `DELETE /api-keys`: keys of the caller's organisation, for who manages access. */
export function apiKeys(app: App, deps: Deps): void {
  const createSchema = {
    summary: 'Make an API key or a service key',
    description: 'The secret is answered once. A key never gives more than its maker has.',
    tags: ['access'],
    'x-permission': 'access.manage' as const,
    body: ApiKeyRequest,
    response: withProblems({ 201: NewApiKey }, [400, 403, 409]),
  }
  app.post('/api-keys', { config: { idempotent: true }, schema: createSchema }, async (request, reply) => {
    const { name, kind, role, scopes, project_ids, expires_at } = request.body
    const input = {
      ...{ name, kind, role: role ?? null, scopes: scopes ?? null, projectIds: project_ids ?? null },
      expiresAt: expires_at === undefined ? null : new Date(expires_at),
    }
    const ctx = contextOf(request)
    const made = await runOnce(deps, ctx, request.body, {
      run: once => createApiKey(deps, once, input),
      repeat: async made => ({ key: await getApiKey(deps, ctx, { keyId: createdId(made) }), secret: null }),
    })
    return reply
      .code(201)
      .header('cache-control', 'no-store')
      .send({ ...present(made.key), ...(made.secret === null ? {} : { key: made.secret }) })
  })

  const listSchema = {
    summary: 'List API keys',
    description: 'Newest first, revoked and expired ones included; never a secret.',
    tags: ['access'],
    'x-permission': 'access.manage' as const,
    querystring: PageQuery,
    response: withProblems({ 200: ApiKeyList }, [400, 403]),
  }
  app.get('/api-keys', { schema: listSchema }, async request => {
    const { credentials } = deps.database
    const { cursor, limit } = request.query
    const page = await listApiKeys({ credentials }, contextOf(request), { cursor: cursor ?? null, limit })
    return { items: page.items.map(present), next_cursor: page.nextCursor }
  })

  const revokeSchema = {
    summary: 'Revoke an API key',
    description: 'For good; it stops working at once here, within seconds everywhere. Again: 204.',
    tags: ['access'],
    'x-permission': 'access.manage' as const,
    params: ImageIdParams,
    response: withProblems({ 204: z.null().optional().meta({ description: 'Revoked' }) }, [400, 403]),
  }
  app.delete('/api-keys/:id', { schema: revokeSchema }, async (request, reply) => {
    await revokeApiKey(deps, contextOf(request), { keyId: request.params.id })
    deps.credentialCache.forget(request.params.id)
    return reply.code(204).send(undefined)
  })
}

const present = (key: ApiKey): WireKey => ({
  id: key.id,
  name: key.name,
  kind: key.kind,
  role: key.role,
  scopes: key.scopes && [...key.scopes],
  project_ids: key.projectIds && [...key.projectIds],
  created_at: key.createdAt.toISOString(),
  expires_at: key.expiresAt?.toISOString() ?? null,
  revoked_at: key.revokedAt?.toISOString() ?? null,
  last_used_at: key.lastUsedAt?.toISOString() ?? null,
})
