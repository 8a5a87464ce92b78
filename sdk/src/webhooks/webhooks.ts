import type {
  DeliveryStatus,
  NewWebhook,
  ReplayAnswer,
  Webhook,
  WebhookChange,
  WebhookDelivery,
  WebhookDeliveryList,
  WebhookList,
  WebhookRequest,
} from '@calotype/contract'
import type { Connection } from '../http/connection.ts'
import { everyItem, LARGEST_PAGE } from '../http/pages.ts'
import type { CallOptions } from '../images/images.ts'

export interface DeliveriesOptions {
  status?: DeliveryStatus | undefined
  cursor?: string | undefined
  limit?: number | undefined
  signal?: AbortSignal | undefined
}

export function createWebhooks({ call, callFor }: Connection) {
  const path = (id: string) => `/webhooks/${id}`
  return {
    list: ({ projectId, signal }: CallOptions & { projectId?: string | undefined } = {}): Promise<Webhook[]> =>
      everyItem(cursor =>
        callFor<WebhookList>({
          ...{ path: '/webhooks', query: { project_id: projectId, cursor, limit: LARGEST_PAGE }, signal },
        }),
      ),
    get: (id: string, { signal }: CallOptions = {}) => callFor<Webhook>({ path: path(id), signal }),
    /** The answer has the secret, once. */
    create: (webhook: WebhookRequest) => callFor<NewWebhook>({ method: 'POST', path: '/webhooks', json: webhook }),
    change: (id: string, change: WebhookChange) => callFor<Webhook>({ method: 'PATCH', path: path(id), json: change }),
    /** The answer has the new secret, once; the one before is signed with, too, for a day. */
    rotateSecret: (id: string) => callFor<NewWebhook>({ method: 'POST', path: `${path(id)}/rotate-secret` }),
    delete: async (id: string): Promise<void> => {
      await call({ method: 'DELETE', path: path(id) })
    },
    /** One page of the log, newest first. */
    deliveries: (id: string, { signal, ...query }: DeliveriesOptions = {}) =>
      callFor<WebhookDeliveryList>({ path: `${path(id)}/deliveries`, query, signal }),
    replay: (id: string, deliveryId: string) =>
      callFor<WebhookDelivery>({ method: 'POST', path: `${path(id)}/deliveries/${deliveryId}/replay` }),
    /** Everything that failed of events since then. */
    replayFailed: (id: string, since: Date) =>
      callFor<ReplayAnswer>({ method: 'POST', path: `${path(id)}/replay`, json: { since: since.toISOString() } }),
  }
}
