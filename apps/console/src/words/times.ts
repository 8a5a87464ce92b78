const steps: readonly [limitSeconds: number, unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  [45, 'second', 1],
  [45 * 60, 'minute', 60],
  [22 * 3600, 'hour', 3600],
  [26 * 86_400, 'day', 86_400],
  [320 * 86_400, 'month', 30.4 * 86_400],
  [Number.POSITIVE_INFINITY, 'year', 365.25 * 86_400],
]
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const exact = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' })
const clock = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
const clockWithSeconds = new Intl.DateTimeFormat('en', { timeStyle: 'medium', hourCycle: 'h23' })
const day = new Intl.DateTimeFormat('en', { dateStyle: 'medium' })

export function relativeTime(iso: string, now: number): string {
  const seconds = (Date.parse(iso) - now) / 1000
  const distance = Math.abs(seconds)
  if (distance < 10) return 'just now'
  for (const [limit, unit, length] of steps) {
    if (distance < limit) return relative.format(Math.round(seconds / length), unit)
  }
  return exactTime(iso)
}

/** When what was deleted is removed; null: it goes with its project. */
export function purgeWords(iso: string | null, now: number): string {
  if (iso === null) return 'goes with its project'
  return Date.parse(iso) <= now
    ? 'is going for good'
    : `goes for good ${relativeTime(iso, now).replace('just now', 'now')}`
}

export const exactTime = (iso: string): string => exact.format(new Date(iso))
export const clockTime = (iso: string): string => clock.format(new Date(iso))
export const clockTimeWithSeconds = (iso: string): string => clockWithSeconds.format(new Date(iso))
export const dayOf = (iso: string): string => day.format(new Date(iso))

/** What a camera writes has no time zone and may be no date at all: shown as it is then. */
export function capturedTime(text: string): string {
  const date = new Date(text.replace(/Z$|[+-]\d\d:?\d\d$/, ''))
  return Number.isNaN(date.getTime())
    ? text
    : new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' }).format(date)
}
