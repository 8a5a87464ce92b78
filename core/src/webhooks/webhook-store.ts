import type {
  ClaimedDelivery,
  DeliveryAttempt,
  DeliveryStatus,
  LoggedDelivery,
  Webhook,
  WebhookMessage,
} from './webhook.ts'

export type WebhookChange = Partial<
  Pick<Webhook, 'url' | 'description' | 'events' | 'secrets' | 'disabled'> & { updatedAt: Date }
>

export interface WebhookKey {
  organizationId: string
  webhookId: string
}

export interface DeliveryClaim {
  now: Date
  leaseUntil: Date
  token: string
  limit: number
  /** Of one webhook under way at a time, whoever does it. */
  perWebhook: number
}

/** Where a try leads. */
export interface DeliverySettlement {
  key: WebhookKey & { deliveryId: string }
  token: string
  attempt: DeliveryAttempt
  status: DeliveryStatus
  nextAttemptAt: Date | null
}

/** Webhooks by organisation, and the deliveries to them. */
export interface WebhookStore {
  /** Makes whoever else adds one to the same project wait, and counts: those of the organisation as a whole for null. */
  countLocked(organizationId: string, projectId: string | null): Promise<number>
  /** Rejects with `not_found` when the project is gone. */
  add(webhook: Webhook): Promise<void>
  find(organizationId: string, webhookId: string, options?: { lock: boolean }): Promise<Webhook | null>
  /** Newest first. Null for `projectIds`: every one; otherwise those of these projects alone. */
  list(query: {
    organizationId: string
    projectIds: readonly string[] | null
    before: string | null
    limit: number
  }): Promise<readonly Webhook[]>
  change(key: WebhookKey, change: WebhookChange): Promise<void>
  /** With every delivery to it. */
  remove(key: WebhookKey): Promise<boolean>
  /** Adds a delivery for each enabled webhook that wants the message's event, in the transaction of the event. */
  queueDeliveries(messages: readonly WebhookMessage[]): Promise<void>
  /** Takes deliveries that are due, oldest first, for webhooks that are enabled. */
  claimDeliveries(claim: DeliveryClaim): Promise<readonly ClaimedDelivery[]>
  /** Writes what came of a try, unless the delivery was given to somebody else meanwhile: then false. */
  settleDelivery(settlement: DeliverySettlement): Promise<boolean>
  /** Newest first, with their attempts. */
  listDeliveries(
    query: WebhookKey & { status: DeliveryStatus | null; before: string | null; limit: number },
  ): Promise<readonly LoggedDelivery[]>
  /** Makes a delivery due now with a new schedule; null when there is none. */
  replayDelivery(key: WebhookKey & { deliveryId: string }, at: Date): Promise<LoggedDelivery | null>
  /** The same for all that failed of events since then; resolves with how many. */
  replayFailed(key: WebhookKey, since: Date, at: Date): Promise<number>
  /** Removes deliveries of events before this; resolves with how many. */
  pruneDeliveries(before: Date): Promise<number>
}
