import { byItself } from '../audit/index.ts'
import type { Clock } from '../clock.ts'
import type { Database, Stores } from '../database.ts'
import { noteWebhook } from './note-webhook.ts'
import { nextDeliveryAttempt } from './retry-schedule.ts'
import { holding } from './rotate-secret.ts'
import type { SecretSeal } from './secret-seal.ts'
import { signWebhook } from './signature.ts'
import type { ClaimedDelivery, DeliveryAttempt } from './webhook.ts'
import type { SendOutcome, WebhookSender } from './webhook-sender.ts'

export interface DeliverDeps {
  database: Pick<Database, 'transaction'>
  clock: Clock
  webhookSeal: SecretSeal
  webhookSender: WebhookSender
  /** From 0 to 1; only for tests. */
  random?: () => number
}

/** What came of a try: `lost` when it took so long that somebody else was given the delivery. */
export interface Delivered {
  outcome: 'succeeded' | 'tried_again' | 'failed' | 'disabled' | 'lost'
  attempt: DeliveryAttempt
}

const GONE = 410
const isSuccess = (status: number | null): boolean => status !== null && status >= 200 && status < 300

/**
 * One try of one delivery. Killed between sending and noting, it is sent again under the same id when its lease is over. An answer of 410
 * disables the webhook.
 */
export async function deliverWebhook(deps: DeliverDeps, claimed: ClaimedDelivery): Promise<Delivered> {
  const at = deps.clock.now()
  const { status, error, answer } = await send(deps, claimed, at)
  const now = deps.clock.now()
  const { delivery, webhook, token } = claimed
  const number = delivery.attempts + 1
  const attempt = { number, at, durationMs: now.getTime() - at.getTime(), status, error, answer }
  const gone = status === GONE
  const tries = { tries: delivery.tries + 1, since: delivery.retrySince }
  const next = isSuccess(status) || gone ? null : nextDeliveryAttempt(tries, now, deps.random)
  const settled = isSuccess(status) ? 'succeeded' : next === null ? 'failed' : 'pending'
  const key = { organizationId: delivery.organizationId, webhookId: webhook.id }
  const mine = await deps.database.transaction(async tx => {
    const own = { ...key, deliveryId: delivery.id }
    if (!(await tx.webhooks.settleDelivery({ key: own, token, attempt, status: settled, nextAttemptAt: next })))
      return false
    if (gone) await disable(tx, claimed, now)
    return true
  })
  if (!mine) return { outcome: 'lost', attempt }
  return { outcome: gone ? 'disabled' : settled === 'pending' ? 'tried_again' : settled, attempt }
}

async function disable(tx: Stores, { delivery, webhook }: ClaimedDelivery, at: Date): Promise<void> {
  const { id, organizationId } = delivery
  const key = { organizationId, webhookId: webhook.id }
  await tx.webhooks.change(key, { disabled: { at, reason: 'gone' }, updatedAt: at })
  const told = { event: 'webhook.changed', what: 'turned off: its receiver answered that it is gone', at } as const
  await noteWebhook(tx, byItself(organizationId, id), { id: webhook.id, organizationId, projectId: null }, told)
}

async function send(deps: DeliverDeps, { delivery, webhook }: ClaimedDelivery, at: Date): Promise<SendOutcome> {
  let secrets: string[]
  try {
    secrets = holding(webhook.secrets, at).map(({ sealed }) => deps.webhookSeal.open(webhook.id, sealed))
  } catch {
    return { status: null, answer: null, error: 'The secret cannot be opened: SECRET_KEY was changed. Rotate it.' }
  }
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Calotype-Webhooks/1',
    ...signWebhook({ id: delivery.id, body: delivery.body, at }, secrets),
  }
  return deps.webhookSender.send({ url: webhook.url, headers, body: delivery.body })
}
