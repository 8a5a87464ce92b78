import { type Kysely, sql } from 'kysely'
import { EVENT_RETENTION_MS } from './limits.ts'
import type { Tables } from './tables.ts'

const EVENTS_PER_DELETE = 10_000

/** Removes the events that nobody reads any more; resolves with how many. For the sweep. */
export async function pruneEvents(handle: { kysely: Kysely<Tables> }, now: Date): Promise<number> {
  const before = new Date(now.getTime() - EVENT_RETENTION_MS)
  let removed = 0
  for (;;) {
    const { numAffectedRows } = await sql`
      delete from events where ctid = any(array(
        select ctid from events where created_at < ${before} order by created_at limit ${EVENTS_PER_DELETE}
      ))`.execute(handle.kysely)
    const count = Number(numAffectedRows ?? 0n)
    removed += count
    if (count < EVENTS_PER_DELETE) return removed
  }
}
