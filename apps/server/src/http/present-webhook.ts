import type { WebhookDelivery as WireDelivery, Webhook as WireWebhook } from '@calotype/contract'
import type { LoggedDelivery, Webhook } from '@calotype/core'

/** A webhook without its secrets. */
export const presentWebhook = (webhook: Webhook): WireWebhook => ({
  id: webhook.id,
  project_id: webhook.projectId,
  url: webhook.url,
  events: [...webhook.events],
  description: webhook.description,
  enabled: webhook.disabled === null,
  disabled_reason: webhook.disabled?.reason ?? null,
  disabled_at: webhook.disabled?.at.toISOString() ?? null,
  created_at: webhook.createdAt.toISOString(),
  updated_at: webhook.updatedAt.toISOString(),
})

export const presentDelivery = (delivery: LoggedDelivery): WireDelivery => ({
  id: delivery.id,
  webhook_id: delivery.webhookId,
  project_id: delivery.projectId,
  event: delivery.event,
  status: delivery.status,
  created_at: delivery.at.toISOString(),
  next_attempt_at: delivery.nextAttemptAt?.toISOString() ?? null,
  attempts: delivery.log.map(attempt => ({
    number: attempt.number,
    at: attempt.at.toISOString(),
    duration_ms: attempt.durationMs,
    status: attempt.status,
    error: attempt.error,
    response: attempt.answer,
  })),
  payload: JSON.parse(delivery.body),
})
