/** What a receiver can be told of; other features add theirs. */
export const WEBHOOK_EVENTS = [
  'image.uploaded',
  'image.ready',
  'image.failed',
  'image.deleted',
  'analysis.updated',
] as const
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number]

/** Webhooks of one project; as many again for the organisation as a whole. */
export const MAX_WEBHOOKS_PER_PROJECT = 20
export const MAX_WEBHOOK_URL_LENGTH = 2_048
export const MAX_WEBHOOK_DESCRIPTION = 255
/** Deliveries to one endpoint at a time, of all processes together. */
export const MAX_CONCURRENT_PER_ENDPOINT = 4
/** Deliveries under way in one process. */
export const MAX_DELIVERIES_IN_FLIGHT = 64
/** A receiver that has not begun to answer after so long has failed. */
export const DELIVERY_TIMEOUT_MS = 15_000
/** Whoever took a delivery and says nothing for so long is dead; far above the time limit of a delivery. */
export const DELIVERY_LEASE_MS = 60_000
/** Of an answer this much is read … */
export const MAX_ANSWER_BYTES = 65_536
/** … and this much is kept. */
export const MAX_KEPT_ANSWER_BYTES = 1_024
/** The delivery log is kept for so long. */
export const DELIVERY_LOG_DAYS = 30

export const DELIVERY_STATUSES = ['pending', 'succeeded', 'failed'] as const
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number]

/** A secret as it is stored. The newest has no end; older ones are signed with, too, until theirs. */
export interface SealedSecret {
  sealed: string
  expiresAt: Date | null
}

/** Where messages go, and which. */
export interface Webhook {
  id: string
  organizationId: string
  /** Null: the events of every project of the organisation. */
  projectId: string | null
  url: string
  description: string
  events: readonly WebhookEvent[]
  /** Newest first. */
  secrets: readonly SealedSecret[]
  /** `gone`: the receiver answered 410. */
  disabled: { at: Date; reason: 'by_hand' | 'gone' } | null
  createdAt: Date
  updatedAt: Date
}

/** One message, for every webhook that wants it. */
export interface WebhookMessage {
  /** A ULID, the same for every receiver and every try. */
  id: string
  projectId: string
  event: WebhookEvent
  /** The body, byte by byte as it is signed. */
  body: string
  at: Date
}

/** One message on its way to one webhook. */
export interface Delivery extends WebhookMessage {
  webhookId: string
  organizationId: string
  status: DeliveryStatus
  /** Tries so far, and those of the schedule that runs. */
  attempts: number
  tries: number
  /** When the schedule of tries began: at the event, or when it was sent again by hand. */
  retrySince: Date
  /** Null once it is settled. */
  nextAttemptAt: Date | null
}

/** What came of one try. */
export interface DeliveryAttempt {
  number: number
  at: Date
  durationMs: number
  /** Of the HTTP answer; null where there was none. */
  status: number | null
  error: string | null
  /** The beginning of what the receiver answered. */
  answer: string | null
}

export interface LoggedDelivery extends Delivery {
  /** Oldest first. */
  log: readonly DeliveryAttempt[]
}

/** A delivery that this process was given, and what is needed to send it. */
export interface ClaimedDelivery {
  delivery: Delivery
  webhook: Pick<Webhook, 'id' | 'url' | 'secrets'>
  /** Proves that the delivery is still this process's own. */
  token: string
}
