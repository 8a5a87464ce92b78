import { invalidWebhook, webhookUrlRefused } from './errors.ts'
import {
  MAX_WEBHOOK_DESCRIPTION,
  MAX_WEBHOOK_URL_LENGTH,
  WEBHOOK_EVENTS,
  type Webhook,
  type WebhookEvent,
} from './webhook.ts'
import type { WebhookSender } from './webhook-sender.ts'

type Fields = Partial<Pick<Webhook, 'url' | 'description' | 'events'>>

/** The named fields of a webhook as they are stored. Rejects with `webhook_url_refused` or `invalid_request`. */
export function checkWebhook(sender: WebhookSender, fields: Fields): Fields {
  const { url, description, events } = fields
  return {
    ...(url === undefined ? {} : { url: checkUrl(sender, url) }),
    ...(description === undefined ? {} : { description: checkDescription(description) }),
    ...(events === undefined ? {} : { events: checkEvents(events) }),
  }
}

function checkUrl(sender: WebhookSender, url: string): string {
  if (url.length > MAX_WEBHOOK_URL_LENGTH)
    throw invalidWebhook('url', `has over ${MAX_WEBHOOK_URL_LENGTH} characters`, MAX_WEBHOOK_URL_LENGTH)
  const refusal = sender.refusalOf(url)
  if (refusal) throw webhookUrlRefused(refusal)
  return url
}

function checkDescription(description: string): string {
  if (description.length > MAX_WEBHOOK_DESCRIPTION)
    throw invalidWebhook('description', `has over ${MAX_WEBHOOK_DESCRIPTION} characters`, MAX_WEBHOOK_DESCRIPTION)
  return description
}

function checkEvents(events: readonly WebhookEvent[]): WebhookEvent[] {
  if (events.length === 0) throw invalidWebhook('events', 'names no event', WEBHOOK_EVENTS.length)
  return [...new Set(events)]
}
