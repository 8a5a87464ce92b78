import { notFound, type Page, type PageInput, readPage } from '../access/index.ts'
import type { Clock } from '../clock.ts'
import type { Context } from '../context.ts'
import type { Database } from '../database.ts'
import { findWebhook } from './manage-webhook.ts'
import { DELIVERY_LOG_DAYS, type DeliveryStatus, type LoggedDelivery } from './webhook.ts'

type Deps = { database: Database; clock: Clock }
type Id = { webhookId: string }

/** A page of the deliveries to a webhook, newest first, each with its tries. */
export async function listDeliveries(
  deps: Pick<Deps, 'database'>,
  ctx: Context,
  input: Id & PageInput & { status: DeliveryStatus | null },
): Promise<Page<LoggedDelivery>> {
  const { organizationId, id: webhookId } = await findWebhook(deps.database, ctx, input)
  const { status } = input
  return readPage(input, page => deps.database.webhooks.listDeliveries({ organizationId, webhookId, status, ...page }))
}

/** Sends a delivery again, whatever came of it: the same message under the same id, with a new schedule of tries. */
export async function replayDelivery(
  deps: Deps,
  ctx: Context,
  input: Id & { deliveryId: string },
): Promise<LoggedDelivery> {
  const { organizationId, id: webhookId } = await findWebhook(deps.database, ctx, input)
  const key = { organizationId, webhookId, deliveryId: input.deliveryId }
  const replayed = await deps.database.webhooks.replayDelivery(key, deps.clock.now())
  if (!replayed) throw notFound()
  return replayed
}

/** Sends again whatever failed of events since then; resolves with how many deliveries those are. */
export async function replayFailed(deps: Deps, ctx: Context, input: Id & { since: Date }): Promise<number> {
  const { organizationId, id: webhookId } = await findWebhook(deps.database, ctx, input)
  return deps.database.webhooks.replayFailed({ organizationId, webhookId }, input.since, deps.clock.now())
}

/** Removes deliveries past their time, with their tries; resolves with how many. For the sweep. */
export const pruneDeliveries = (deps: { database: Pick<Database, 'webhooks'>; clock: Clock }): Promise<number> =>
  deps.database.webhooks.pruneDeliveries(new Date(deps.clock.now().getTime() - DELIVERY_LOG_DAYS * 86_400_000))
