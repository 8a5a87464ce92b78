import type { FastifyBaseLogger } from 'fastify'
import type { Deps } from '../deps.ts'
import { requestIdOf } from '../http/request-log.ts'
import { findCached, findDelivery } from './deliver.ts'
import type { DeliveryCounts } from './delivery-counts.ts'
import type { Grant, Grants } from './grants.ts'
import type { CacheControl } from './max-age.ts'
import type { CachedObject, ObjectCache } from './object-cache.ts'
import { originHeaders } from './origin-headers.ts'
import type { PlainRequest } from './plain-request.ts'
import type { Revocations } from './revocations.ts'

/** What the route and the quick answers share. */
export interface DeliveryParts {
  cache: ObjectCache
  grants: Grants
  revocations: Pick<Revocations, 'has'>
  counts: DeliveryCounts
  cacheControlOf: CacheControl
}

/** A whole answer: its head as it goes over the wire, its body, and what is to be done when both are out. */
export interface Answer {
  head: string
  body: Buffer
  sent(): void
}

/** Null where there is more to it than sending a small object: the route answers then. */
export type QuickAnswer = (request: PlainRequest) => Answer | null | Promise<Answer | null>

/**
 * Answers plain requests with the same judgement and headers as the route does, and with one line in the log like every request. From memory
 * at once, else after one read.
 */
export function createQuickAnswer(
  deps: Pick<Deps, 'clock' | 'meter' | 'blobs'>,
  parts: DeliveryParts,
  options: { log: FastifyBaseLogger; keepAliveSeconds: number },
): QuickAnswer {
  const logOf = createDeliveryLogs(options.log)
  const date = createDateLine()
  const connection = `connection: keep-alive\r\nkeep-alive: timeout=${options.keepAliveSeconds}\r\n\r\n`

  const { counts } = parts

  const compose = (request: PlainRequest, grant: Grant, object: CachedObject, begun: number, now: number): Answer => {
    const { projectId } = grant.key
    const requestId = requestIdOf({ headers: { 'x-request-id': request.requestId } })
    deps.meter.count({ projectId, purpose: 'delivery' }, { deliveredBytes: object.bytes.byteLength })
    const head = `HTTP/1.1 200 OK\r\n${object.head}${originLines(grant)}cache-control: ${parts.cacheControlOf(grant, object.contentType, now)}\r\nx-request-id: ${requestId}\r\nserver-timing: total;dur=${(performance.now() - begun).toFixed(1)}\r\n${date()}${connection}`
    return {
      head,
      body: object.bytes,
      sent() {
        const took = performance.now() - begun
        counts.answered(took)
        const duration = Math.round(took * 10) / 10
        logOf(grant, request.url).info({ request_id: requestId, duration_ms: duration }, 'request')
      },
    }
  }

  return request => {
    const begun = performance.now()
    const now = Math.floor(deps.clock.now().getTime() / 1000)
    const grant = parts.grants.judge(request.url, now)
    if (typeof grant === 'string' || parts.revocations.has(grant.key.projectId, grant.key.imageId)) return null
    const hot = findCached(parts.cache, grant.key, request.accept)
    if (hot) {
      counts.lookup('hit')
      return compose(request, grant, hot, begun, now)
    }
    return findDelivery(deps, parts.cache, grant.key, request.accept).then(found => {
      if (found?.kind !== 'whole' || parts.revocations.has(grant.key.projectId, grant.key.imageId)) return null
      counts.lookup(found.cached ? 'hit' : 'miss')
      return compose(request, grant, found.object, begun, now)
    })
  }
}

/**
 * Loggers with what is the same for every answer to a URL, written out once: a whole line for each costs more than the answer. None of these
 * fields is a secret, and looking for secrets would cost as much again.
 */
function createDeliveryLogs(log: FastifyBaseLogger): (grant: Grant, url: string) => FastifyBaseLogger {
  const made = new WeakMap<Grant, FastifyBaseLogger>()
  return (grant, url) => {
    const known = made.get(grant)
    if (known) return known
    const { projectId, imageId } = grant.key
    const cut = url.indexOf('?')
    const path = cut === -1 ? url : url.slice(0, cut)
    const facts = { method: 'GET', path, status: 200, project_id: projectId, image_id: imageId }
    const child = log.child(facts, { redact: [] })
    made.set(grant, child)
    return child
  }
}

const originLines = (grant: Grant): string =>
  Object.entries(originHeaders(grant))
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')

/** The `Date` header, made once a second. */
function createDateLine(): () => string {
  let second = 0
  let line = ''
  return () => {
    const now = Math.floor(Date.now() / 1000)
    if (now !== second) {
      second = now
      line = `date: ${new Date(now * 1000).toUTCString()}\r\n`
    }
    return line
  }
}
