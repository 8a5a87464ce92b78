import type { Webhook, WebhookDelivery, WebhookEvent } from '@calotype/sdk'
import { counted, formatDuration } from '../words/numbers.ts'

export const eventWord: Record<WebhookEvent, string> = {
  'image.uploaded': 'Image uploaded',
  'image.ready': 'Image ready',
  'image.failed': 'Image failed',
  'image.deleted': 'Image deleted',
  'analysis.updated': 'Analysis moved',
}

const isEvent = (text: string): text is WebhookEvent => text in eventWord
export const webhookEvents: readonly WebhookEvent[] = Object.keys(eventWord).filter(isEvent)

/** What a webhook hears of, in a few words. */
export const heardOf = ({ events }: Pick<Webhook, 'events'>): string =>
  events.length === webhookEvents.length ? 'Everything' : events.map(event => eventWord[event]).join(', ')

/** Why it is off; null while it is on. */
export function whyOff({
  enabled,
  disabled_reason: reason,
}: Pick<Webhook, 'enabled' | 'disabled_reason'>): string | null {
  if (enabled) return null
  return reason === 'gone' ? 'Off: its receiver answered that it is gone' : 'Off: somebody turned it off'
}

export type DeliveryTone = 'good' | 'bad' | 'waiting'

/** What became of a delivery, in one line; what is to come is told beside it. */
export function outcomeOf({ status, attempts }: Pick<WebhookDelivery, 'status' | 'attempts'>): {
  tone: DeliveryTone
  text: string
} {
  const last = attempts.at(-1)
  const tries = counted(attempts.length, 'try', 'tries')
  if (status === 'succeeded') {
    const took = last === undefined ? '' : ` in ${formatDuration(last.duration_ms)}`
    return { tone: 'good', text: attempts.length > 1 ? `Delivered after ${tries}` : `Delivered${took}` }
  }
  if (status === 'failed') return { tone: 'bad', text: `Given up after ${tries}${reasonOf(last)}` }
  return last === undefined
    ? { tone: 'waiting', text: 'On its way' }
    : { tone: 'waiting', text: `Not delivered after ${tries}${reasonOf(last)}` }
}

const reasonOf = (attempt: WebhookDelivery['attempts'][number] | undefined): string =>
  attempt === undefined ? '' : `: ${answerOf(attempt)}`

/** What one try brought. */
export const answerOf = ({ status, error }: WebhookDelivery['attempts'][number]): string =>
  status === null ? (error ?? 'no answer') : `answered ${status}`

export const spans = ['hour', 'day', 'week', 'month'] as const
export type Span = (typeof spans)[number]
const hours: Record<Span, number> = { hour: 1, day: 24, week: 24 * 7, month: 24 * 30 }
export const spanWord: Record<Span, string> = {
  hour: 'Last hour',
  day: 'Last day',
  week: 'Last week',
  month: 'Last 30 days',
}

export const beginOf = (span: Span, now: number): Date => new Date(now - hours[span] * 3_600_000)
