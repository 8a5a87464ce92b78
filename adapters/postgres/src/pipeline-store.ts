import type { MessageQuery, PipelineMessage, PipelineStore } from '@calotype/core'
import { type Kysely, sql } from 'kysely'
import { toJson } from './clean.ts'
import type { Tables } from './tables.ts'

interface MessageRow {
  id: string
  project_id: string
  image_id: string
  types: string[]
  priority: PipelineMessage['priority']
  status: PipelineMessage['status']
  original_key: string | null
  attempts: number
  last_error: string | null
  created_at: Date
  since: Date
  next_attempt_at: Date | null
  delivered_at: Date | null
  rank: number
  position: string
}

const toMessage = (row: MessageRow): PipelineMessage => ({
  id: row.id,
  projectId: row.project_id,
  imageId: row.image_id,
  types: row.types,
  priority: row.priority,
  status: row.status,
  originalKey: row.original_key,
  attempts: row.attempts,
  lastError: row.last_error,
  createdAt: row.created_at,
  since: row.since,
  nextAttemptAt: row.next_attempt_at,
  deliveredAt: row.delivered_at,
})

const ORIGINAL = sql`(select i.original_key from images i where i.project_id = m.project_id and i.id = m.image_id) as original_key`

/** Of what waits, that whose image is not deleted: the others wait for its restore. */
const LIVING = sql`m.status = 'waiting' and i.status <> 'deleted'`

export const createPostgresPipelineStore = (db: Kysely<Tables>): PipelineStore => ({
  async add({ id, projectId, imageId, types, priority, at }) {
    await sql`
      insert into pipeline_messages (project_id, id, image_id, types, priority, created_at, since, next_attempt_at)
      values (${projectId}, ${id}, ${imageId}, ${[...types]}::text[], ${priority}, ${at}, ${at}, ${at})`.execute(db)
  },

  async claim({ now, leaseUntil, token, limit }) {
    const { rows } = await sql<MessageRow>`
      with due as (
        select m.project_id, m.id from pipeline_messages m
        join images i on i.project_id = m.project_id and i.id = m.image_id
        where ${LIVING} and m.next_attempt_at <= ${now} and (m.leased_until is null or m.leased_until <= ${now})
          and not exists (
            select from pipeline_messages e where e.project_id = m.project_id and e.image_id = m.image_id
              and e.status = 'waiting' and e.position < m.position)
        order by m.rank, m.position limit ${limit} for update of m skip locked)
      update pipeline_messages m set leased_until = ${leaseUntil}, lease_token = ${token}, attempts = m.attempts + 1
      from due where m.project_id = due.project_id and m.id = due.id
      returning m.*, ${ORIGINAL}`.execute(db)
    return rows.sort((a, b) => a.rank - b.rank || Number(a.position) - Number(b.position)).map(toMessage)
  },

  async settle(token, settlements, at) {
    const rows = toJson(settlements.map(({ nextAttemptAt, ...each }) => ({ ...each, next: nextAttemptAt })))
    await sql`
      update pipeline_messages m set status = s.status, last_error = s."lastError", next_attempt_at = s.next,
        delivered_at = case when s.status = 'delivered' then ${at}::timestamptz end, leased_until = null, lease_token = null
      from jsonb_to_recordset(${rows}::jsonb) as s (id text, status text, "lastError" text, next timestamptz)
      where m.id = s.id and m.lease_token = ${token} and m.status = 'waiting'`.execute(db)
  },

  async findNextDue() {
    const { rows } = await sql<{ due: Date | null }>`
      select min(greatest(m.next_attempt_at, coalesce(m.leased_until, m.next_attempt_at))) as due
      from pipeline_messages m join images i on i.project_id = m.project_id and i.id = m.image_id
      where ${LIVING}`.execute(db)
    return rows[0]?.due ?? null
  },

  async acknowledge({ projectId, imageId }, at) {
    await sql`
      update pipeline_messages set status = 'delivered', delivered_at = ${at}, next_attempt_at = null,
        leased_until = null, lease_token = null
      where project_id = ${projectId} and image_id = ${imageId} and status = 'waiting'`.execute(db)
  },

  async requeue({ projectId, id }, at) {
    const { rows } = await sql<MessageRow>`
      update pipeline_messages m set status = 'waiting', attempts = 0, last_error = null, delivered_at = null,
        leased_until = null, lease_token = null, since = ${at}, next_attempt_at = ${at},
        position = nextval(pg_get_serial_sequence('pipeline_messages', 'position'))
      where m.project_id = ${projectId} and m.id = ${id} returning m.*, ${ORIGINAL}`.execute(db)
    return rows[0] ? toMessage(rows[0]) : null
  },

  async find(organizationId, id) {
    const { rows } = await sql<MessageRow>`${ofOrganization(organizationId)} and m.id = ${id}`.execute(db)
    return rows[0] ? toMessage(rows[0]) : null
  },

  list: query => list(db, query),
})

const ofOrganization = (organizationId: string) => sql`
  select m.*, i.original_key from pipeline_messages m
  join images i on i.project_id = m.project_id and i.id = m.image_id and i.purge_state is null
  join projects p on p.id = m.project_id and p.deleted_at is null
  where p.organization_id = ${organizationId}`

async function list(db: Kysely<Tables>, query: MessageQuery): Promise<readonly PipelineMessage[]> {
  const { projectIds, status, before, limit } = query
  const filters = [
    ...(projectIds === null ? [] : [sql`m.project_id = any(${[...projectIds]}::text[])`]),
    ...(status === null ? [] : [sql`m.status = ${status}`]),
    ...(before === null ? [] : [sql`m.id < ${before}`]),
  ]
  const { rows } = await sql<MessageRow>`
    ${ofOrganization(query.organizationId)} and ${sql.join([sql`true`, ...filters], sql` and `)}
    order by m.id desc limit ${limit}`.execute(db)
  return rows.map(toMessage)
}
