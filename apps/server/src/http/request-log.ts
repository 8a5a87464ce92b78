import type { Actor } from '@calotype/core'
import { newId } from '@calotype/core'
import type { FastifyInstance } from 'fastify'

declare module 'fastify' {
  interface FastifyRequest {
    /** Set for every route that needs a credential, before anything else is looked at. */
    actor: Actor | null
    /** Facts for the request log, known on the way. */
    errorCode: string | null
    errorDetail: string | null
    projectId: string | null
    imageId: string | null
    traceId: string | null
  }
}

const SAFE_REQUEST_ID = /^[A-Za-z0-9._:-]{1,128}$/

/** Unique by the process and a count: a random id for every request costs as much as delivering a small object. */
const PROCESS_ID = newId()
let requests = 0
const newRequestId = (): string => `${PROCESS_ID}-${(++requests).toString(36)}`

/** The caller's request id where it is safe to log, or a new one. */
export function requestIdOf(request: { headers: Record<string, string | string[] | undefined> }): string {
  const given = request.headers['x-request-id']
  return typeof given === 'string' && SAFE_REQUEST_ID.test(given) ? given : newRequestId()
}

const MAX_LOGGED_PATH = 300

/** The path without its query, which may carry signatures, and without the token of a shared page. */
const pathOf = (url: string): string =>
  url
    .split('?', 1)[0]
    ?.replace(/^\/s\/.+/, '/s/…')
    .slice(0, MAX_LOGGED_PATH) ?? ''

/** One JSON line for every request, with what is known of it and no secret (requirement O2). */
export function logRequests(app: FastifyInstance): void {
  app.decorateRequest('actor', null)
  app.decorateRequest('errorCode', null)
  app.decorateRequest('errorDetail', null)
  app.decorateRequest('projectId', null)
  app.decorateRequest('imageId', null)
  app.decorateRequest('traceId', null)
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id)
    done()
  })
  app.addHook('onSend', (_request, reply, payload, done) => {
    reply.header('server-timing', `total;dur=${reply.elapsedTime.toFixed(1)}`)
    done(null, payload)
  })
  app.addHook('onResponse', (request, reply, done) => {
    const line: Record<string, unknown> = {
      method: request.method,
      path: pathOf(request.url),
      status: reply.statusCode,
      duration_ms: Math.round(reply.elapsedTime * 10) / 10,
    }
    if (request.actor) line.actor = `${request.actor.kind}:${request.actor.id}`
    if (request.projectId) line.project_id = request.projectId
    if (request.imageId) line.image_id = request.imageId
    if (request.errorCode) line.code = request.errorCode
    if (request.traceId) line.trace_id = request.traceId
    request.log.info(line, 'request')
    done()
  })
}
