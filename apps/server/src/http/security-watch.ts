import type { SecurityEvent, SecurityLog, SecurityNote } from '@calotype/core'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'

/** Where bytes or the promise of them come in: whatever these refuse is a refused upload. */
export const UPLOAD_ROUTES: readonly string[] = [
  '/api/v1/images/upload',
  '/api/v1/images/upload-url',
  '/api/v1/images/upload-urls',
  '/api/v1/images/:id/complete',
  '/api/v1/uploads/direct/:id',
]
const BATCH_ROUTE = '/api/v1/images/upload-urls'
const MULTIPART_ROUTE = '/api/v1/images/upload'

/** Refusals come out of one hook, so that no route can forget them. It runs after the answer and holds up nothing. */
export function watchSecurity(app: FastifyInstance, deps: { security: SecurityLog }): void {
  app.addHook('onResponse', (request, reply, done) => {
    const event = reply.statusCode < 400 ? null : eventOf(request, reply)
    if (event) deps.security.record(noteOf(event, request))
    done()
  })
  app.addHook('preSerialization', (request, _reply, payload, done) => {
    done(null, payload)
    if (request.routeOptions.url !== BATCH_ROUTE) return
    for (const { code, detail } of refusedItems(payload)) {
      const event = code === 'rate_limited' ? 'rate.limited' : 'upload.refused'
      deps.security.record({ ...noteOf(event, request), code, detail: `${routeOf(request)}: ${detail}` })
    }
  })
}

function eventOf(request: FastifyRequest, reply: FastifyReply): SecurityEvent | null {
  const { statusCode } = reply
  if (statusCode === 429) return 'rate.limited'
  if (statusCode === 401) return 'credential.refused'
  const url = request.routeOptions.url ?? ''
  if (statusCode < 500 && UPLOAD_ROUTES.includes(url))
    return isLateVerdict(request, statusCode) ? null : 'upload.refused'
  return statusCode === 403 ? 'access.refused' : null
}

/** An upload that was taken in and waited for: the worker that judged it has noted it. */
const isLateVerdict = (request: FastifyRequest, statusCode: number): boolean =>
  request.routeOptions.url === MULTIPART_ROUTE && statusCode === 422 && request.imageId !== null

const routeOf = (request: FastifyRequest): string => `${request.method} ${request.routeOptions.url ?? 'no route'}`

/** By the route's pattern, never by the address as sent: it may carry a signature. */
function noteOf(event: SecurityEvent, request: FastifyRequest): SecurityNote {
  const { actor, projectId, errorCode, errorDetail, id } = request
  const reason = errorDetail ?? 'refused'
  return {
    event,
    actor: actor && { kind: actor.kind, id: actor.id },
    organizationId: actor?.organizationId ?? null,
    projectId,
    ip: request.ip,
    code: errorCode,
    detail: `${routeOf(request)}: ${reason}`,
    requestId: id,
  }
}

const Refused = z.object({ ok: z.literal(false), code: z.string(), detail: z.string() })
const Batch = z.object({ items: z.array(z.unknown()) })

const refusedItems = (payload: unknown): readonly z.infer<typeof Refused>[] => {
  const batch = Batch.safeParse(payload)
  if (!batch.success) return []
  return batch.data.items.flatMap(item => {
    const refused = Refused.safeParse(item)
    return refused.success ? [refused.data] : []
  })
}
