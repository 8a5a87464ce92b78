import type { Grant } from './grants.ts'

/** Public variants may be kept this long: AVIF and WebP a year, JPEG a day (requirement D4). */
const PUBLIC_MAX_AGE: Record<string, number> = {
  'image/avif': 31_536_000,
  'image/webp': 31_536_000,
  'image/jpeg': 86_400,
}

/** Private variants may be kept for as long as their URL is good. */
export const cacheControlOf = (grant: Grant, contentType: string, nowSeconds: number): string =>
  grant.expiresAt === null
    ? `public, max-age=${PUBLIC_MAX_AGE[contentType] ?? 0}`
    : `private, max-age=${grant.expiresAt - nowSeconds}`
