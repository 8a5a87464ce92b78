import type { UsageEntry, UsageStore } from '@calotype/core'
import type { Kysely } from 'kysely'
import type { Tables } from './tables.ts'

/** Rows of one insert: far below the 65,535 parameters that a statement may have. */
const ROWS_PER_INSERT = 1_000

export const createPostgresUsageStore = (db: Kysely<Tables>): UsageStore => ({
  async record(entries) {
    for (let start = 0; start < entries.length; start += ROWS_PER_INSERT) {
      await db
        .insertInto('usage_entries')
        .values(entries.slice(start, start + ROWS_PER_INSERT).map(toColumns))
        .onConflict(conflict => conflict.columns(['project_id', 'cause']).doNothing())
        .execute()
    }
  },
})

const toColumns = (entry: UsageEntry) => ({
  project_id: entry.projectId,
  cause: entry.cause,
  purpose: entry.purpose,
  stored_bytes: entry.storedBytes ?? 0,
  puts: entry.puts ?? 0,
  gets: entry.gets ?? 0,
  delivered_bytes: entry.deliveredBytes ?? 0,
})
