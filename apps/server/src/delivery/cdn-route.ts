import { DomainError, notFound } from '@calotype/core'
import type { FastifyInstance } from 'fastify'
import type { Deps } from '../deps.ts'
import { sendObject } from '../http/send-object.ts'
import { findDelivery, parseDeliveryKey } from './deliver.ts'
import { createObjectCache } from './object-cache.ts'
import type { Revocations } from './revocations.ts'

const PREFIX = '/cdn/'

/** Public variants may be kept this long: AVIF and WebP a year, JPEG a day (requirement D4). */
const PUBLIC_MAX_AGE: Record<string, number> = {
  'image/avif': 31_536_000,
  'image/webp': 31_536_000,
  'image/jpeg': 86_400,
}

const refused = (reason: 'expired' | 'invalid'): DomainError =>
  new DomainError(
    'forbidden',
    'invalid_signature',
    reason === 'expired' ? 'This URL has expired.' : 'This URL is not signed, or not as it stands.',
    {
      reason,
    },
  )

/** `GET /cdn/{object_key}`: the embedded CDN. The signature is the credential; no database is asked. */
export function cdnRoute(app: FastifyInstance, deps: Deps, revocations: Revocations): void {
  const cache = createObjectCache(deps.deliveryCacheBytes)
  revocations.onRevoked((projectId, imageId) => {
    for (const visibility of ['private', 'public']) cache.forget(`${visibility}/${projectId}/${imageId}/`)
  })
  app.get(`${PREFIX}*`, async (request, reply) => {
    const { url } = request
    const cut = url.indexOf('?')
    const key = parseDeliveryKey(cut === -1 ? url.slice(PREFIX.length) : url.slice(PREFIX.length, cut))
    if (!key) throw notFound()
    const query = cut === -1 ? '' : url.slice(cut + 1)
    const nowSeconds = Math.floor(deps.clock.now().getTime() / 1000)
    const isPublic = key.objectKey.startsWith('public/')
    if (!isPublic) {
      const verdict = deps.cdn.verify(key.objectKey, query, nowSeconds)
      reply.header('cache-control', 'no-store')
      if (verdict !== 'ok') throw refused(verdict)
    }
    if (revocations.has(key.imageId)) throw notFound()
    const found = await findDelivery(deps, cache, key, request.headers.accept)
    if (!found) throw notFound()
    const maxAge = isPublic ? (PUBLIC_MAX_AGE[found.contentType] ?? 0) : expiresOf(query) - nowSeconds
    deps.meter.count(
      { projectId: key.projectId, purpose: 'delivery' },
      { deliveredBytes: found.kind === 'whole' ? found.object.bytes.byteLength : found.sizeBytes },
    )
    const negotiated = key.format === null ? { vary: 'Accept' } : {}
    return sendObject(request, reply, {
      sizeBytes: found.kind === 'whole' ? found.object.bytes.byteLength : found.sizeBytes,
      etag: found.kind === 'whole' ? found.object.etag : found.etag,
      contentType: found.contentType,
      cacheControl: `${isPublic ? 'public' : 'private'}, max-age=${maxAge}`,
      headers: negotiated,
      read: async range => {
        if (found.kind === 'large')
          return deps.blobs.read(found.objectKey, range, { projectId: key.projectId, purpose: 'delivery' })
        return range ? found.object.bytes.subarray(range.start, range.end + 1) : found.object.bytes
      },
    })
  })
}

/** Seconds since the epoch, from a query that was verified already. */
const expiresOf = (query: string): number => Number(/(?:^|&)expires=(\d+)/.exec(query)?.[1] ?? 0)
