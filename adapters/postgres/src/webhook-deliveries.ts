import type { ClaimedDelivery, DeliveryClaim, DeliverySettlement, WebhookStore } from '@calotype/core'
import { type Kysely, sql } from 'kysely'
import { toJson } from './clean.ts'
import type { Tables } from './tables.ts'
import { type AttemptRow, type DeliveryRow, toDelivery, toLogged, toSecrets, type WebhookRow } from './webhook-rows.ts'

const ROWS_PER_DELETE = 10_000

const LOG = sql`(
  select coalesce(json_agg(json_build_object('number', a.number, 'at', a.at, 'duration_ms', a.duration_ms,
    'status', a.status, 'error', a.error, 'answer', a.answer) order by a.number), '[]')
  from webhook_attempts a
  where a.organization_id = d.organization_id and a.webhook_id = d.webhook_id and a.delivery_id = d.id) as log`

/** Due at once, by a schedule that begins now; a try that is under way loses its lease. */
const replayAt = (at: Date) => sql`status = 'pending', tries = 0, retry_since = ${at}, next_attempt_at = ${at},
  lease_token = null, leased_until = null`

type Deliveries = Omit<WebhookStore, 'countLocked' | 'add' | 'find' | 'list' | 'change' | 'remove'>

export const createWebhookDeliveries = (db: Kysely<Tables>): Deliveries => ({
  async queueDeliveries(messages) {
    if (messages.length === 0) return
    const rows = toJson(messages.map(({ projectId, ...message }) => ({ ...message, project_id: projectId })))
    await sql`
      insert into webhook_deliveries (organization_id, webhook_id, id, project_id, event, body, at, retry_since, next_attempt_at)
      select w.organization_id, w.id, m.id, m.project_id, m.event, m.body, m.at, m.at, m.at
      from jsonb_to_recordset(${rows}::jsonb) as m (id text, project_id text, event text, body text, at timestamptz)
      join projects p on p.id = m.project_id
      join webhooks w on w.organization_id = p.organization_id and w.disabled_at is null
        and (w.project_id is null or w.project_id = p.id) and m.event = any(w.events)`.execute(db)
  },

  claimDeliveries: claim => claimDeliveries(db, claim),

  settleDelivery: settlement => settleDelivery(db, settlement),

  async listDeliveries({ organizationId, webhookId, status, before, limit }) {
    const { rows } = await sql<DeliveryRow & { log: AttemptRow[] }>`
      select d.*, ${LOG} from webhook_deliveries d
      where d.organization_id = ${organizationId} and d.webhook_id = ${webhookId}
        ${status === null ? sql`` : sql`and d.status = ${status}`}
        ${before === null ? sql`` : sql`and d.id < ${before}`}
      order by d.id desc limit ${limit}`.execute(db)
    return rows.map(toLogged)
  },

  async replayDelivery({ organizationId, webhookId, deliveryId }, at) {
    const { rows } = await sql<DeliveryRow & { log: AttemptRow[] }>`
      update webhook_deliveries d set ${replayAt(at)}
      where d.organization_id = ${organizationId} and d.webhook_id = ${webhookId} and d.id = ${deliveryId}
      returning d.*, ${LOG}`.execute(db)
    return rows[0] ? toLogged(rows[0]) : null
  },

  async replayFailed({ organizationId, webhookId }, since, at) {
    const { numAffectedRows } = await sql`
      update webhook_deliveries d set ${replayAt(at)}
      where d.organization_id = ${organizationId} and d.webhook_id = ${webhookId} and d.status = 'failed'
        and d.at >= ${since}`.execute(db)
    return Number(numAffectedRows ?? 0n)
  },

  async pruneDeliveries(before) {
    let removed = 0
    for (;;) {
      const { numAffectedRows } = await sql`
        delete from webhook_deliveries where ctid = any(array(
          select ctid from webhook_deliveries where at < ${before} order by at limit ${ROWS_PER_DELETE}
        ))`.execute(db)
      const count = Number(numAffectedRows ?? 0n)
      removed += count
      if (count < ROWS_PER_DELETE) return removed
    }
  },
})

type ClaimedRow = DeliveryRow & Pick<WebhookRow, 'url' | 'secrets'>

/**
 * The webhook's row is held meanwhile, so that two processes count what is under way one after the other; and nobody takes what somebody
 * else took since this statement began.
 */
async function claimDeliveries(db: Kysely<Tables>, claim: DeliveryClaim): Promise<ClaimedDelivery[]> {
  const { now, leaseUntil, token, limit, perWebhook } = claim
  const { rows } = await sql<ClaimedRow>`
    with open as (
      select w.organization_id, w.id, w.url, w.secrets from webhooks w
      where w.disabled_at is null and exists (
        select from webhook_deliveries d where d.organization_id = w.organization_id and d.webhook_id = w.id
          and d.status = 'pending' and d.next_attempt_at <= ${now} and (d.leased_until is null or d.leased_until <= ${now}))
      limit ${limit} for no key update of w skip locked),
    due as (
      select o.url, o.secrets, d.organization_id, d.webhook_id, d.id from open o cross join lateral (
        select d.organization_id, d.webhook_id, d.id from webhook_deliveries d
        where d.organization_id = o.organization_id and d.webhook_id = o.id and d.status = 'pending'
          and d.next_attempt_at <= ${now} and (d.leased_until is null or d.leased_until <= ${now})
        order by d.next_attempt_at, d.id
        limit greatest(0, ${perWebhook}::int - (
          select count(*) from webhook_deliveries b where b.organization_id = o.organization_id
            and b.webhook_id = o.id and b.status = 'pending' and b.leased_until > ${now}))
      ) d limit ${limit})
    update webhook_deliveries d set lease_token = ${token}, leased_until = ${leaseUntil}
    from due where d.organization_id = due.organization_id and d.webhook_id = due.webhook_id and d.id = due.id
      and d.status = 'pending' and (d.leased_until is null or d.leased_until <= ${now})
    returning d.*, due.url, due.secrets`.execute(db)
  return rows
    .map(row => ({
      delivery: toDelivery(row),
      webhook: { id: row.webhook_id, url: row.url, secrets: toSecrets(row.secrets) },
      token,
    }))
    .sort((a, b) => (a.delivery.id < b.delivery.id ? -1 : 1))
}

/** One statement: the try is in the log exactly when the delivery is settled by it. */
async function settleDelivery(db: Kysely<Tables>, settlement: DeliverySettlement): Promise<boolean> {
  const { key, token, attempt, status, nextAttemptAt } = settlement
  const { rows } = await sql`
    with settled as (
      update webhook_deliveries d set status = ${status}, next_attempt_at = ${nextAttemptAt}::timestamptz,
        attempts = d.attempts + 1, tries = d.tries + 1, lease_token = null, leased_until = null
      where d.organization_id = ${key.organizationId} and d.webhook_id = ${key.webhookId} and d.id = ${key.deliveryId}
        and d.lease_token = ${token}
      returning d.organization_id, d.webhook_id, d.id)
    insert into webhook_attempts (organization_id, webhook_id, delivery_id, number, at, duration_ms, status, error, answer)
    select organization_id, webhook_id, id, ${attempt.number}::int, ${attempt.at}::timestamptz,
      ${attempt.durationMs}::int, ${attempt.status}::int, ${attempt.error}::text, ${attempt.answer}::text
    from settled returning 1`.execute(db)
  return rows.length > 0
}
