import type { Grant } from './grants.ts'

/**
 * What tells caches apart: the format is negotiated by `Accept` where the key names none, and pages of allowed origins get one header more.
 * What is public may be read by any page.
 */
export function originHeaders({ key, expiresAt }: Grant): Record<string, string> {
  const vary = key.format === null ? 'Accept, Origin' : 'Origin'
  return expiresAt === null ? { vary, 'access-control-allow-origin': '*' } : { vary }
}
