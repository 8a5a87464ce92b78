import type { EventStore } from '@calotype/core'
import { type Kysely, sql } from 'kysely'
import { toJson } from './clean.ts'
import type { Tables } from './tables.ts'

/** Readers listen here. The notification only wakes them and says nothing, so that many of one transaction are one. */
export const EVENT_CHANNEL = 'calotype_events'

export const createPostgresEventStore = (db: Kysely<Tables>): EventStore => ({
  async append(event) {
    await sql`
      with added as (
        insert into events (project_id, type, payload)
        values (${event.projectId}, ${event.type}, ${toJson(event.payload)}) returning 1
      ) select pg_notify(${EVENT_CHANNEL}, '') from added`.execute(db)
  },

  async appendMany(events) {
    if (events.length === 0) return
    const rows = toJson(events.map(({ projectId, type, payload }) => ({ project_id: projectId, type, payload })))
    await sql`
      with added as (
        insert into events (project_id, type, payload)
        select project_id, type, payload
        from rows from (jsonb_to_recordset(${rows}::jsonb) as (project_id text, type text, payload jsonb))
          with ordinality as given order by ordinality
        returning 1
      ) select pg_notify(${EVENT_CHANNEL}, '') from (select 1 from added limit 1) as one`.execute(db)
  },

  async forget(projectId, limit) {
    const { rows } = await sql<{ id: number }>`
      delete from events where (project_id, xid, id) in (
        select project_id, xid, id from events where project_id = ${projectId} limit ${limit}
      ) returning id`.execute(db)
    return rows.length
  },
})
