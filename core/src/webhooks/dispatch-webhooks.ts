import { newId } from '../ids.ts'
import { type DeliverDeps, type Delivered, deliverWebhook } from './deliver-webhook.ts'
import {
  type ClaimedDelivery,
  DELIVERY_LEASE_MS,
  MAX_CONCURRENT_PER_ENDPOINT,
  MAX_DELIVERIES_IN_FLIGHT,
} from './webhook.ts'
import type { WebhookStore } from './webhook-store.ts'

/** Deliveries that became due by time alone start at most so much later. */
export const DISPATCH_POLL_MS = 2_000

export interface WebhookDispatcher {
  /** Something may be due: called after every commit with an event. Returns at once. */
  wake(): void
  /** Resolves when nothing is under way and nothing was due. */
  idle(): Promise<void>
  /** Takes nothing new and waits for what is under way. */
  stop(): Promise<void>
}

type Deps = DeliverDeps & { database: { webhooks: Pick<WebhookStore, 'claimDeliveries'> } }

/**
 * Sends what is due, beside the job queue: a receiver that hangs holds a connection and nothing else. Any number of processes may do so at
 * a time, because each takes deliveries by a lease. `pollMs` of null: only when woken.
 */
export function createWebhookDispatcher(
  deps: Deps,
  options: {
    pollMs: number | null
    onDelivered(claimed: ClaimedDelivery, delivered: Delivered): void
    onError(error: unknown): void
  },
): WebhookDispatcher {
  const underWay = new Set<Promise<void>>()
  let wanted = false
  let looking: Promise<void> | null = null
  let stopped = false

  async function look(): Promise<void> {
    while (wanted && !stopped) {
      wanted = false
      const limit = MAX_DELIVERIES_IN_FLIGHT - underWay.size
      // Each one that ends looks again.
      if (limit <= 0) return
      const now = deps.clock.now()
      const claimed = await deps.database.webhooks.claimDeliveries({
        ...{ now, limit, token: newId(), perWebhook: MAX_CONCURRENT_PER_ENDPOINT },
        leaseUntil: new Date(now.getTime() + DELIVERY_LEASE_MS),
      })
      for (const each of claimed) start(each)
    }
  }

  function start(claimed: ClaimedDelivery): void {
    const running = deliverWebhook(deps, claimed)
      .then(delivered => options.onDelivered(claimed, delivered))
      // The lease ends by itself.
      .catch(options.onError)
      .finally(() => {
        underWay.delete(running)
        wake()
      })
    underWay.add(running)
  }

  function wake(): void {
    wanted = true
    if (stopped) return
    looking ??= look()
      .catch(options.onError)
      .finally(() => {
        looking = null
      })
  }

  const settle = async (): Promise<void> => {
    while (looking || underWay.size > 0) await Promise.all([looking, ...underWay])
  }
  const timer = options.pollMs === null ? null : setInterval(wake, options.pollMs)
  return {
    wake,
    idle: settle,
    stop: async () => {
      stopped = true
      if (timer) clearInterval(timer)
      await settle()
    },
  }
}
