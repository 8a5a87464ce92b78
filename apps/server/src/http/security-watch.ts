import {
  type Database,
  hashSecret,
  type SecurityEvent,
  type SecurityLog,
  type SecurityNote,
  type Trace,
} from '@calotype/core'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { clientAddress } from './client-address.ts'

/** Where bytes or the promise of them come in: whatever these refuse is a refused upload. */
export const UPLOAD_ROUTES: readonly string[] = [
  '/api/v1/images/upload',
  '/api/v1/images/upload-url',
  '/api/v1/images/upload-urls',
  '/api/v1/images/:id/complete',
  '/api/v1/images/resumable',
  '/api/v1/images/resumable/:id',
  '/api/v1/uploads/direct/:id',
]
const BATCH_ROUTE = '/api/v1/images/upload-urls'
const ACCOUNTS_PREFIX = '/api/auth/'
const LINK_ROUTE = '/api/v1/session'
const MULTIPART_ROUTE = '/api/v1/images/upload'
/** What a client that lost its connection is answered in the normal course of a resumable upload. */
const RESUMING: readonly (string | null)[] = ['upload_offset_conflict', 'upload_interrupted', 'upload_expired']
const RESUMABLE_ROUTE = '/api/v1/images/resumable/:id'

/** Refusals whose organisation is looked up at a time; past it they are told of without one. */
const MAX_TRACES = 8

interface WatchDeps {
  security: SecurityLog
  database: Pick<Database, 'securityLog'>
}

/** Refusals come out of one hook, so that no route can forget them. It runs after the answer and holds up nothing. */
export function watchSecurity(app: FastifyInstance, deps: WatchDeps): void {
  const tell = createTeller(deps)
  app.addHook('onResponse', (request, reply, done) => {
    const event = reply.statusCode < 400 ? null : eventOf(request, reply)
    if (event) tell(noteOf(event, request), traceOf(request))
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

/** Tells of a refusal; where nobody was recognised, the log it belongs to is looked for first, a few at a time. */
function createTeller({ security, database }: WatchDeps) {
  let running = 0
  const find = async (note: SecurityNote, trace: Trace): Promise<SecurityNote> => {
    running += 1
    try {
      return { ...note, ...(await database.securityLog.findConcerned(trace)) }
    } catch {
      return note
    } finally {
      running -= 1
    }
  }
  return (note: SecurityNote, trace: Trace | null): void => {
    if (trace === null || note.organizationId !== null || running >= MAX_TRACES) security.record(note)
    else void find(note, trace).then(found => security.record(found))
  }
}

/** What an unrecognised caller has shown: a key that was good once, or an upload URL that we signed. */
function traceOf(request: FastifyRequest): Trace | null {
  const [, key] = /^Bearer ([\w-]{1,200})$/i.exec(request.headers.authorization ?? '') ?? []
  if (key !== undefined && !request.actor) return { keyHash: hashSecret(key) }
  return request.projectId !== null && UPLOAD_ROUTES.includes(request.routeOptions.url ?? '')
    ? { projectId: request.projectId }
    : null
}

function eventOf(request: FastifyRequest, reply: FastifyReply): SecurityEvent | null {
  const { statusCode } = reply
  if (statusCode === 429) return 'rate.limited'
  const url = request.routeOptions.url ?? ''
  // Sign-ins are told of by the calls themselves, which know whose account it is.
  if (url.startsWith(ACCOUNTS_PREFIX)) return null
  if (statusCode === 401) return url === LINK_ROUTE ? 'sign_in.refused' : 'credential.refused'
  if (statusCode < 500 && UPLOAD_ROUTES.includes(url))
    return isLateVerdict(request, statusCode) || isResuming(request) ? null : 'upload.refused'
  return statusCode === 403 ? 'access.refused' : null
}

/** An upload that was taken in and waited for: the worker that judged it has noted it. */
const isLateVerdict = (request: FastifyRequest, statusCode: number): boolean =>
  request.routeOptions.url === MULTIPART_ROUTE && statusCode === 422 && request.imageId !== null

const isResuming = ({ routeOptions, errorCode }: FastifyRequest): boolean =>
  routeOptions.url === RESUMABLE_ROUTE && RESUMING.includes(errorCode)

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
    ip: clientAddress(request),
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
