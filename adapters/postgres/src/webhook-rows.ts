import type { Delivery, DeliveryAttempt, LoggedDelivery, SealedSecret, Webhook, WebhookEvent } from '@calotype/core'
import { toJson } from './clean.ts'

/** Secrets as json keeps them. */
type StoredSecret = { sealed: string; expires_at: string | null }

export interface WebhookRow {
  organization_id: string
  id: string
  project_id: string | null
  url: string
  description: string
  events: WebhookEvent[]
  secrets: StoredSecret[]
  disabled_at: Date | null
  disabled_reason: 'by_hand' | 'gone' | null
  created_at: Date
  updated_at: Date
}

export interface DeliveryRow {
  organization_id: string
  webhook_id: string
  id: string
  project_id: string
  event: WebhookEvent
  body: string
  at: Date
  status: Delivery['status']
  attempts: number
  tries: number
  retry_since: Date
  next_attempt_at: Date | null
}

export interface AttemptRow {
  number: number
  at: string
  duration_ms: number
  status: number | null
  error: string | null
  answer: string | null
}

export const toSecrets = (stored: readonly StoredSecret[]): SealedSecret[] =>
  stored.map(({ sealed, expires_at }) => ({ sealed, expiresAt: expires_at === null ? null : new Date(expires_at) }))

export const secretsJson = (secrets: readonly SealedSecret[]): string =>
  toJson(secrets.map(({ sealed, expiresAt }) => ({ sealed, expires_at: expiresAt?.toISOString() ?? null })))

export const toWebhook = (row: WebhookRow): Webhook => ({
  id: row.id,
  organizationId: row.organization_id,
  projectId: row.project_id,
  url: row.url,
  description: row.description,
  events: row.events,
  secrets: toSecrets(row.secrets),
  disabled:
    row.disabled_at === null || row.disabled_reason === null
      ? null
      : { at: row.disabled_at, reason: row.disabled_reason },
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})

export const toDelivery = (row: DeliveryRow): Delivery => ({
  id: row.id,
  webhookId: row.webhook_id,
  organizationId: row.organization_id,
  projectId: row.project_id,
  event: row.event,
  body: row.body,
  at: row.at,
  status: row.status,
  attempts: row.attempts,
  tries: row.tries,
  retrySince: row.retry_since,
  nextAttemptAt: row.next_attempt_at,
})

export const toLogged = (row: DeliveryRow & { log: AttemptRow[] }): LoggedDelivery => ({
  ...toDelivery(row),
  log: row.log.map(
    (attempt): DeliveryAttempt => ({
      number: attempt.number,
      at: new Date(attempt.at),
      durationMs: attempt.duration_ms,
      status: attempt.status,
      error: attempt.error,
      answer: attempt.answer,
    }),
  ),
})
