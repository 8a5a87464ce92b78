import { notFound } from '../../access/index.ts'
import type { ClaimedDelivery, LoggedDelivery, Webhook, WebhookMessage, WebhookStore } from '../../webhooks/index.ts'
import { liveProject, type MemoryDelivery, type StateAccess } from './state.ts'

const deliveryKey = (webhookId: string, deliveryId: string): string => `${webhookId} ${deliveryId}`
const newestFirst = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? 1 : -1)

/** Webhooks and their deliveries in memory. */
export function memoryWebhookStore(state: StateAccess): WebhookStore {
  const own = (organizationId: string, webhookId: string): Webhook | null => {
    const webhook = state().webhooks.get(webhookId)
    return webhook?.organizationId === organizationId ? webhook : null
  }
  const deliveriesOf = (webhookId: string): MemoryDelivery[] =>
    [...state().webhookDeliveries.values()].filter(delivery => delivery.webhookId === webhookId)
  return {
    ...memoryDeliveries(state),
    countLocked: async (organizationId, projectId) =>
      [...state().webhooks.values()].filter(
        webhook => webhook.organizationId === organizationId && webhook.projectId === projectId,
      ).length,
    add: async webhook => {
      if (webhook.projectId !== null && !liveProject(state(), webhook.projectId)) throw notFound()
      state().webhooks.set(webhook.id, structuredClone(webhook))
    },
    find: async (organizationId, webhookId) => {
      const webhook = own(organizationId, webhookId)
      const there = webhook?.projectId === null || (webhook && liveProject(state(), webhook.projectId ?? ''))
      return there ? structuredClone(webhook) : null
    },
    list: async ({ organizationId, projectIds, before, limit }) =>
      structuredClone(
        [...state().webhooks.values()]
          .filter(({ id, projectId, organizationId: owner }) => {
            const reached = projectIds === null || (projectId !== null && projectIds.includes(projectId))
            const there = projectId === null || liveProject(state(), projectId) !== null
            return owner === organizationId && reached && there && (before === null || id < before)
          })
          .sort(newestFirst)
          .slice(0, limit),
      ),
    change: async ({ organizationId, webhookId }, change) => {
      const webhook = own(organizationId, webhookId)
      if (webhook) Object.assign(webhook, structuredClone(change))
    },
    remove: async ({ organizationId, webhookId }) => {
      if (!own(organizationId, webhookId)) return false
      for (const { id } of deliveriesOf(webhookId)) state().webhookDeliveries.delete(deliveryKey(webhookId, id))
      return state().webhooks.delete(webhookId)
    },
  }
}

type Deliveries = Omit<WebhookStore, 'countLocked' | 'add' | 'find' | 'list' | 'change' | 'remove'>

function memoryDeliveries(state: StateAccess): Deliveries {
  const all = () => [...state().webhookDeliveries.values()]
  const find = (organizationId: string, webhookId: string, deliveryId: string) => {
    const delivery = state().webhookDeliveries.get(deliveryKey(webhookId, deliveryId))
    return delivery?.organizationId === organizationId ? delivery : undefined
  }
  const logged = ({ lease: _, ...delivery }: MemoryDelivery): LoggedDelivery => structuredClone(delivery)
  return {
    queueDeliveries: async messages => {
      for (const message of messages) {
        const organizationId = state().projects.get(message.projectId)?.organizationId
        for (const webhook of state().webhooks.values()) {
          if (webhook.organizationId === organizationId && wants(webhook, message)) queue(webhook, message)
        }
      }
    },
    claimDeliveries: async ({ now, leaseUntil, token, limit, perWebhook }) => {
      const claimed: ClaimedDelivery[] = []
      for (const webhook of [...state().webhooks.values()].filter(({ disabled }) => disabled === null)) {
        const own = all().filter(delivery => delivery.webhookId === webhook.id && delivery.status === 'pending')
        const free = own.filter(({ lease }) => lease === null || lease.until <= now)
        const room = perWebhook - (own.length - free.length)
        const due = free
          .filter(({ nextAttemptAt }) => nextAttemptAt !== null && nextAttemptAt <= now)
          .sort((a, b) => Number(a.nextAttemptAt) - Number(b.nextAttemptAt) || (a.id < b.id ? -1 : 1))
        for (const delivery of due.slice(0, Math.max(0, Math.min(room, limit - claimed.length)))) {
          delivery.lease = { token, until: leaseUntil }
          const { id, url, secrets } = structuredClone(webhook)
          const { log: __, ...plain } = logged(delivery)
          claimed.push({ delivery: plain, webhook: { id, url, secrets }, token })
        }
      }
      return claimed
    },
    settleDelivery: async ({ key, token, attempt, status, nextAttemptAt }) => {
      const delivery = find(key.organizationId, key.webhookId, key.deliveryId)
      if (delivery?.lease?.token !== token) return false
      const log = [...delivery.log, structuredClone(attempt)]
      const tries = { attempts: delivery.attempts + 1, tries: delivery.tries + 1 }
      Object.assign(delivery, { log, ...tries, status, nextAttemptAt, lease: null })
      return true
    },
    listDeliveries: async ({ organizationId, webhookId, status, before, limit }) =>
      all()
        .filter(
          delivery =>
            delivery.organizationId === organizationId &&
            delivery.webhookId === webhookId &&
            (status === null || delivery.status === status) &&
            (before === null || delivery.id < before),
        )
        .sort(newestFirst)
        .slice(0, limit)
        .map(logged),
    replayDelivery: async ({ organizationId, webhookId, deliveryId }, at) => {
      const delivery = find(organizationId, webhookId, deliveryId)
      if (!delivery) return null
      replay(delivery, at)
      return logged(delivery)
    },
    replayFailed: async ({ organizationId, webhookId }, since, at) => {
      const failed = all().filter(
        delivery =>
          delivery.organizationId === organizationId &&
          delivery.webhookId === webhookId &&
          delivery.status === 'failed' &&
          delivery.at >= since,
      )
      for (const delivery of failed) replay(delivery, at)
      return failed.length
    },
    pruneDeliveries: async before => {
      const old = all().filter(delivery => delivery.at < before)
      for (const { webhookId, id } of old) state().webhookDeliveries.delete(deliveryKey(webhookId, id))
      return old.length
    },
  }

  function queue(webhook: Webhook, message: WebhookMessage): void {
    state().webhookDeliveries.set(deliveryKey(webhook.id, message.id), {
      ...{ ...structuredClone(message), webhookId: webhook.id, organizationId: webhook.organizationId },
      ...{ status: 'pending', attempts: 0, tries: 0, retrySince: message.at, nextAttemptAt: message.at },
      ...{ log: [], lease: null },
    })
  }
}

const wants = (webhook: Webhook, { projectId, event }: WebhookMessage): boolean =>
  webhook.disabled === null &&
  (webhook.projectId === null || webhook.projectId === projectId) &&
  webhook.events.includes(event)

/** A try that is under way loses its lease: what it comes to is not noted. */
const replay = (delivery: MemoryDelivery, at: Date): void =>
  void Object.assign(delivery, { status: 'pending', tries: 0, retrySince: at, nextAttemptAt: at, lease: null })
