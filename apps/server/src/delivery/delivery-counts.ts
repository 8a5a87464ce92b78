import type { Meters } from '@calotype/core'
import { CDN_PREFIX } from './grants.ts'
import type { ObjectCache } from './object-cache.ts'

/** What the embedded CDN tells of itself. */
export interface DeliveryCounts {
  /** Where a delivery's bytes came from. */
  lookup(result: 'hit' | 'miss' | 'large'): void
  /** A request was answered at the front door, where no hook of the server sees it. */
  answered(milliseconds: number): void
}

/** Everything is looked up once: a delivery takes 20 µs. */
export function countDeliveries(meters: Meters, cache: Pick<ObjectCache, 'sizeBytes'>): DeliveryCounts {
  const lookups = {
    hit: meters.counter('calotype_cdn_lookups_total', { result: 'hit' }),
    miss: meters.counter('calotype_cdn_lookups_total', { result: 'miss' }),
    large: meters.counter('calotype_cdn_lookups_total', { result: 'large' }),
  }
  const route = `${CDN_PREFIX}*`
  const requests = meters.counter('calotype_http_requests_total', { method: 'GET', route, status: '2xx' })
  const durations = meters.histogram('calotype_http_request_duration_seconds', { method: 'GET', route })
  meters.report('calotype_cdn_cache_bytes', () => [{ labels: {}, value: cache.sizeBytes }])
  return {
    lookup: result => lookups[result].add(),
    answered(milliseconds) {
      requests.add()
      durations.observe(milliseconds / 1000)
    },
  }
}
