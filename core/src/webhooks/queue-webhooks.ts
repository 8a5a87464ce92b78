import type { Stores } from '../database.ts'
import { newId } from '../ids.ts'
import type { WebhookEvent, WebhookMessage } from './webhook.ts'

/** What webhooks tell of an image: ids and statuses. No places, no signed URLs, no names of files. */
export interface ImageNews {
  image: {
    id: string
    projectId: string
    status: string
    reference: string | null
    failure: { code: string; detail: string } | null
    analysis: { status: string; types: readonly string[] }
  }
  event: WebhookEvent
  at: Date
}

/**
 * Leaves a message for every webhook that wants to hear this, in the transaction that makes it true. Readers are woken by the event that
 * is written beside it.
 */
export const queueWebhooks = (tx: Pick<Stores, 'webhooks'>, news: readonly ImageNews[]): Promise<void> =>
  news.length === 0 ? Promise.resolve() : tx.webhooks.queueDeliveries(news.map(toMessage))

function toMessage({ image, event, at }: ImageNews): WebhookMessage {
  const self = `/api/v1/images/${image.id}`
  const data = {
    image_id: image.id,
    project_id: image.projectId,
    status: image.status,
    reference: image.reference,
    failure: image.failure,
    analysis: { status: image.analysis.status, types: image.analysis.types },
    links: { self, file: `${self}/file`, signed_url: `${self}/signed-url` },
  }
  const body = JSON.stringify({ type: event, timestamp: at.toISOString(), data })
  return { id: newId(), projectId: image.projectId, event, body, at }
}
