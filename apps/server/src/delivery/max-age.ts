import type { CloudSettings } from '../cloud-settings.ts'
import type { Grant } from './grants.ts'

export type CacheControl = (grant: Grant, contentType: string, nowSeconds: number) => string

/** What caches are told: private variants may be kept for as long as their URL is good. */
export const createCacheControl =
  ({ avifAndWebp, jpeg }: CloudSettings['maxAge']): CacheControl =>
  (grant, contentType, nowSeconds) =>
    grant.expiresAt === null
      ? `public, max-age=${contentType === 'image/jpeg' ? jpeg : avifAndWebp}`
      : `private, max-age=${grant.expiresAt - nowSeconds}`
