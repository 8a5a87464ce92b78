import { notFound, type WebhookStore } from '@calotype/core'
import { type Kysely, sql } from 'kysely'
import type { Tables } from './tables.ts'
import { createWebhookDeliveries } from './webhook-deliveries.ts'
import { secretsJson, toWebhook, type WebhookRow } from './webhook-rows.ts'

/** Not those of a project that is being removed. */
const THERE = sql`(w.project_id is null
  or exists (select from projects p where p.id = w.project_id and p.deleted_at is null))`

export const createPostgresWebhookStore = (db: Kysely<Tables>): WebhookStore => ({
  ...createWebhookDeliveries(db),

  async countLocked(organizationId, projectId) {
    // Everybody who adds one to this organisation waits here.
    await sql`select from organizations where id = ${organizationId} for no key update`.execute(db)
    const { rows } = await sql<{ count: string }>`
      select count(*) as count from webhooks
      where organization_id = ${organizationId} and project_id is not distinct from ${projectId}::text`.execute(db)
    return Number(rows[0]?.count ?? 0)
  },

  async add(webhook) {
    const { organizationId, id, projectId, url, description, events, disabled, createdAt, updatedAt } = webhook
    if (projectId !== null) {
      const { rows } = await sql`
        select 1 from projects where id = ${projectId} and deleted_at is null for key share`.execute(db)
      if (rows.length === 0) throw notFound()
    }
    await sql`
      insert into webhooks (organization_id, id, project_id, url, description, events, secrets, disabled_at,
        disabled_reason, created_at, updated_at)
      values (${organizationId}, ${id}, ${projectId}, ${url}, ${description}, ${[...events]}::text[],
        ${secretsJson(webhook.secrets)}::jsonb, ${disabled?.at ?? null}, ${disabled?.reason ?? null}, ${createdAt},
        ${updatedAt})`.execute(db)
  },

  async find(organizationId, webhookId, options) {
    const { rows } = await sql<WebhookRow>`
      select w.* from webhooks w where w.organization_id = ${organizationId} and w.id = ${webhookId} and ${THERE}
      ${options?.lock === true ? sql`for update of w` : sql``}`.execute(db)
    return rows[0] ? toWebhook(rows[0]) : null
  },

  async list({ organizationId, projectIds, before, limit }) {
    const { rows } = await sql<WebhookRow>`
      select w.* from webhooks w where w.organization_id = ${organizationId} and ${THERE}
        ${projectIds === null ? sql`` : sql`and w.project_id = any(${[...projectIds]}::text[])`}
        ${before === null ? sql`` : sql`and w.id < ${before}`}
      order by w.id desc limit ${limit}`.execute(db)
    return rows.map(toWebhook)
  },

  async change({ organizationId, webhookId }, change) {
    const { url, description, events, secrets, disabled, updatedAt } = change
    const columns = [
      ...(url === undefined ? [] : [sql`url = ${url}`]),
      ...(description === undefined ? [] : [sql`description = ${description}`]),
      ...(events === undefined ? [] : [sql`events = ${[...events]}::text[]`]),
      ...(secrets === undefined ? [] : [sql`secrets = ${secretsJson(secrets)}::jsonb`]),
      ...(disabled === undefined
        ? []
        : [sql`disabled_at = ${disabled?.at ?? null}, disabled_reason = ${disabled?.reason ?? null}`]),
      ...(updatedAt === undefined ? [] : [sql`updated_at = ${updatedAt}`]),
    ]
    if (columns.length === 0) return
    await sql`
      update webhooks set ${sql.join(columns)}
      where organization_id = ${organizationId} and id = ${webhookId}`.execute(db)
  },

  async remove({ organizationId, webhookId }) {
    const { numAffectedRows } = await sql`
      delete from webhooks where organization_id = ${organizationId} and id = ${webhookId}`.execute(db)
    return (numAffectedRows ?? 0n) > 0n
  },
})
