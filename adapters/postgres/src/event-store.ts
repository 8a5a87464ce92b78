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
})
