import { DomainError, notFound } from '@calotype/core'
import type { FastifyInstance } from 'fastify'
import type { Deps, EmbeddedDelivery } from '../deps.ts'
import { sendObject } from '../http/send-object.ts'
import { type Delivered, findDelivery } from './deliver.ts'
import { countDeliveries } from './delivery-counts.ts'
import { openFrontDoor } from './front-door.ts'
import { CDN_PREFIX, createGrants } from './grants.ts'
import { createCacheControl } from './max-age.ts'
import { createObjectCache } from './object-cache.ts'
import { originHeaders } from './origin-headers.ts'
import { createQuickAnswer, type DeliveryParts } from './quick-answer.ts'
import type { Revocations } from './revocations.ts'

type DeliveryDeps = Pick<Deps, 'blobs' | 'meter' | 'clock' | 'deliveryCacheBytes' | 'telemetry'> & EmbeddedDelivery

const refused = (reason: 'expired' | 'invalid'): DomainError =>
  new DomainError(
    'forbidden',
    'invalid_signature',
    reason === 'expired' ? 'This URL has expired.' : 'This URL is not signed, or not as it stands.',
    { reason },
  )

/**
 * `GET /cdn/{object_key}`: the embedded CDN. The signature is the credential; no database is asked. Plain requests for small objects, which
 * are nearly all, are answered at the front door; the route knows every case.
 */
export function cdnRoute(app: FastifyInstance, deps: DeliveryDeps, revocations: Revocations): void {
  const cache = createObjectCache(deps.deliveryCacheBytes)
  const parts: DeliveryParts = {
    cache,
    counts: countDeliveries(deps.telemetry.meters, cache),
    grants: createGrants(deps.cdn),
    revocations,
    cacheControlOf: createCacheControl(deps.maxAge),
  }
  revocations.onChanged((projectId, imageId) => {
    for (const visibility of ['private', 'public']) parts.cache.forget(`${visibility}/${projectId}/${imageId}/`)
  })
  deps.invalidator.onInvalidated(prefix => parts.cache.forget(prefix))
  answerEverything(app, deps, parts)
  const idleMs = app.server.keepAliveTimeout
  const quickly = createQuickAnswer(deps, parts, { log: app.log, keepAliveSeconds: Math.floor(idleMs / 1000) })
  const door = openFrontDoor(app.server, quickly, idleMs)
  app.addHook('preClose', async () => door.close())
}

function answerEverything(app: FastifyInstance, deps: DeliveryDeps, parts: DeliveryParts): void {
  app.get(`${CDN_PREFIX}*`, async (request, reply) => {
    const now = Math.floor(deps.clock.now().getTime() / 1000)
    const grant = parts.grants.judge(request.url, now)
    if (grant === 'unknown') throw notFound()
    if (typeof grant === 'string') {
      reply.header('cache-control', 'no-store')
      throw refused(grant)
    }
    const { key } = grant
    request.projectId = key.projectId
    request.imageId = key.imageId
    // Until there is something to keep, whatever goes wrong is not kept.
    if (grant.expiresAt !== null) reply.header('cache-control', 'no-store')
    if (parts.revocations.has(key.projectId, key.imageId)) throw notFound()
    const found = await findDelivery(deps, parts.cache, key, request.headers.accept)
    if (!found) throw notFound()
    parts.counts.lookup(found.kind === 'large' ? 'large' : found.cached ? 'hit' : 'miss')
    const facts = factsOf(found)
    const by = { projectId: key.projectId, purpose: 'delivery' as const }
    deps.meter.count(by, { deliveredBytes: facts.sizeBytes })
    return sendObject(request, reply, {
      ...facts,
      cacheControl: parts.cacheControlOf(grant, facts.contentType, now),
      headers: originHeaders(grant),
      read: async range => {
        if (found.kind === 'large') return deps.blobs.read(found.objectKey, range, by)
        return range ? found.object.bytes.subarray(range.start, range.end + 1) : found.object.bytes
      },
    })
  })
}

function factsOf(found: Delivered): { sizeBytes: number; etag: string; contentType: string } {
  const { etag, contentType } = found.kind === 'whole' ? found.object : found
  return { sizeBytes: found.kind === 'whole' ? found.object.bytes.byteLength : found.sizeBytes, etag, contentType }
}
