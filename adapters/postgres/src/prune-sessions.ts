import { sql } from 'kysely'
import type { DatabaseHandle } from './open-database.ts'

/** Removes sessions, sign-in links and single-use tokens that are over; they open nothing any more. Resolves with how many. */
export async function pruneSessions({ kysely }: DatabaseHandle, now: Date): Promise<number> {
  let removed = 0
  for (const table of ['user_sessions', 'user_verifications', 'sessions', 'sign_in_links']) {
    const { numAffectedRows } = await sql`delete from ${sql.table(table)} where expires_at < ${now}`.execute(kysely)
    removed += Number(numAffectedRows ?? 0)
  }
  return removed
}
