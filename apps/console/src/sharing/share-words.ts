import type { ShareLink } from '@calotype/sdk'

export type ShareState = 'open' | 'expired' | 'revoked'

export const stateOf = (
  { expires_at, revoked_at }: Pick<ShareLink, 'expires_at' | 'revoked_at'>,
  now: number,
): ShareState => {
  if (revoked_at !== null) return 'revoked'
  return Date.parse(expires_at) <= now ? 'expired' : 'open'
}

export const lifetimes = ['day', 'week', 'month', 'year'] as const
export type Lifetime = (typeof lifetimes)[number]
export const lifetimeWord: Record<Lifetime, string> = {
  day: '1 day',
  week: '7 days',
  month: '30 days',
  year: '1 year',
}
const DAY_S = 86_400
export const secondsOf: Record<Lifetime, number> = { day: DAY_S, week: 7 * DAY_S, month: 30 * DAY_S, year: 365 * DAY_S }
