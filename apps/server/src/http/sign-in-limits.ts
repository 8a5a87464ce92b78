import { isIPv6 } from 'node:net'
import { hashSecret, type RateLimiter, type RateVerdict } from '@calotype/core'

/** Calls that guess or set a password, for one address and for one e-mail address, in a window. */
export const SIGN_IN_LIMIT = 10
export const SIGN_IN_WINDOW_SECONDS = 60
/** The calls that are counted, below /api/auth. */
export const COUNTED_CALLS: ReadonlySet<string> = new Set([
  '/sign-in/email',
  '/sign-up/email',
  '/request-password-reset',
  '/reset-password',
  '/change-password',
  '/delete-user',
])

/** Counts one attempt; the verdict of the tighter of both counters. What the address may not do is not counted for the e-mail address. */
export async function countAttempt(
  limiter: RateLimiter,
  attempt: { ip: string; email: string | null },
): Promise<RateVerdict> {
  const take = (key: string) =>
    limiter.take({ key, cost: 1, limit: SIGN_IN_LIMIT, windowSeconds: SIGN_IN_WINDOW_SECONDS })
  const byAddress = await take(`sign-in:address:${networkOf(attempt.ip)}`)
  if (byAddress.allowed === 0 || attempt.email === null) return byAddress
  // Hashed, because keys may be seen in a store that others read.
  const byEmail = await take(`sign-in:email:${hashSecret(attempt.email.trim().toLowerCase())}`)
  return byEmail.allowed === 0 || byEmail.remaining < byAddress.remaining ? byEmail : byAddress
}

/** Headers of draft-ietf-httpapi-ratelimit-headers-10. */
export const rateHeaders = (verdict: RateVerdict): Record<string, string> => ({
  'ratelimit-policy': `"sign-in";q=${SIGN_IN_LIMIT};w=${SIGN_IN_WINDOW_SECONDS}`,
  ratelimit: `"sign-in";r=${verdict.remaining};t=${verdict.resetSeconds}`,
  ...(verdict.allowed === 0 ? { 'retry-after': String(verdict.resetSeconds) } : {}),
})

/** Who has IPv6 has 2^64 addresses: they count as one. */
export function networkOf(ip: string): string {
  if (!isIPv6(ip) || /^::ffff:[\d.]+$/i.test(ip)) return ip.replace(/^::ffff:/i, '')
  const [head = '', tail] = ip.split('%', 1)[0]?.split('::') ?? []
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length)
  return `${[...left, ...Array<string>(zeros).fill('0'), ...right]
    .slice(0, 4)
    .map(group => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}
