/** Seconds that caches may keep variants: the CDN's edges, and browsers of public ones. */
export interface VariantMaxAge {
  avifAndWebp: number
  jpeg: number
}

/** A year and a day (requirement D4). */
export const DEFAULT_MAX_AGE: VariantMaxAge = { avifAndWebp: 31_536_000, jpeg: 86_400 }

const VARIANT = /^(private|public)\/.+\.(avif|webp|jpg)$/

/**
 * What is said with a variant to those who keep copies; undefined for everything else, which nobody keeps. A CDN knows the format of a
 * negotiated URL from here only. Private variants are not called public: it is for the CDN to tell browsers less.
 */
export function cacheControlFor(key: string, maxAge: VariantMaxAge): string | undefined {
  const [, visibility, extension] = VARIANT.exec(key) ?? []
  if (visibility === undefined) return undefined
  const seconds = extension === 'jpg' ? maxAge.jpeg : maxAge.avifAndWebp
  return visibility === 'public' ? `public, max-age=${seconds}` : `max-age=${seconds}`
}
