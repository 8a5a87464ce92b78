import type { EmbeddedCdn } from '../deps.ts'
import { type DeliveryKey, parseDeliveryKey } from './deliver.ts'

export const CDN_PREFIX = '/cdn/'

/** What a URL entitles to: an object, public or until a second since the epoch. */
export interface Grant {
  key: DeliveryKey
  expiresAt: number | null
}

export type Refusal = 'unknown' | 'expired' | 'invalid'

export interface Grants {
  /** Judges path and query as they stand in the request line. */
  judge(url: string, nowSeconds: number): Grant | Refusal
}

/** URLs are the same for everybody in their window, so few are remembered and most requests find theirs. */
const MAX_REMEMBERED = 4_096

/**
 * Checks signatures, each URL's once: one that was found good stays good until it expires. Only good URLs are remembered, so that nobody
 * can fill the memory with made-up ones.
 */
export function createGrants(cdn: Pick<EmbeddedCdn, 'verify'>): Grants {
  const remembered = new Map<string, Grant & { expiresAt: number }>()
  const remember = (url: string, grant: Grant & { expiresAt: number }) => {
    remembered.set(withoutParent(url), grant)
    if (remembered.size <= MAX_REMEMBERED) return
    for (const oldest of remembered.keys()) return void remembered.delete(oldest)
  }
  return {
    judge(url, nowSeconds) {
      const known = remembered.get(url)
      if (known) {
        if (nowSeconds < known.expiresAt) return known
        remembered.delete(url)
        return 'expired'
      }
      const cut = url.indexOf('?')
      const key = parseDeliveryKey(url.slice(CDN_PREFIX.length, cut === -1 ? undefined : cut))
      if (!key) return 'unknown'
      if (key.objectKey.startsWith('public/')) return { key, expiresAt: null }
      const query = cut === -1 ? '' : url.slice(cut + 1)
      const verdict = cdn.verify(key.objectKey, query, nowSeconds)
      if (verdict !== 'ok') return verdict
      const grant = { key, expiresAt: expiresOf(query) }
      remember(url, grant)
      return grant
    },
  }
}

/** A part of a string can keep the whole of it in memory; a copy does not. */
const withoutParent = (text: string): string => Buffer.from(text, 'latin1').toString('latin1')

/** From a query that was verified already. */
const expiresOf = (query: string): number => Number(/(?:^|&)expires=(\d+)/.exec(query)?.[1] ?? 0)
