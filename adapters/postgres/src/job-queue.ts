import { JOBS, type JobQueue } from '@calotype/core'
import { type Kysely, sql } from 'kysely'
import { toJson } from './clean.ts'
import type { Tables } from './tables.ts'

export const createPostgresJobQueue = (db: Kysely<Tables>): JobQueue => ({
  async enqueue(name, payload, options = {}) {
    const { payload: schema, maxAttempts } = JOBS[name]
    const { runAt = null, key = null, priority = 0 } = options
    const text = toJson(schema.parse(payload))
    if (key !== null) await forgetGivenUp(db, key)
    await sql`
      select 1 from graphile_worker.add_job(
        identifier => ${name}, payload => ${text}::json, run_at => ${runAt}::timestamptz,
        max_attempts => ${maxAttempts}::int, job_key => ${key}::text, priority => ${priority}::int)`.execute(db)
  },
})

/** A job that was given up keeps its key; taken over, it would look as if it had waited since then. */
async function forgetGivenUp(db: Kysely<Tables>, key: string): Promise<void> {
  await sql`
    select graphile_worker.remove_job(j.key) from graphile_worker.jobs j
    where j.key = ${key} and j.attempts >= j.max_attempts and j.locked_at is null`.execute(db)
}
