import { JOBS, type JobQueue } from '@calotype/core'
import { type Kysely, sql } from 'kysely'
import { toJson } from './clean.ts'
import type { Tables } from './tables.ts'

export const createPostgresJobQueue = (db: Kysely<Tables>): JobQueue => ({
  async enqueue(name, payload, options = {}) {
    const { payload: schema, maxAttempts } = JOBS[name]
    const { runAt = null, key = null, priority = 0, trace } = options
    // Beside the payload: whoever knows nothing of traces does not see it.
    const text = toJson({ ...schema.parse(payload), ...(trace === undefined ? {} : { trace }) })
    if (key !== null) await forgetGivenUp(db, key)
    await sql`
      select 1 from graphile_worker.add_job(
        identifier => ${name}, payload => ${text}::json, run_at => ${runAt}::timestamptz,
        max_attempts => ${maxAttempts}::int, job_key => ${key}::text, priority => ${priority}::int)`.execute(db)
  },

  async find(key) {
    // One that runs may have a successor of the same key, which waits under it: the later one tells what is next.
    const { rows } = await sql<JobRow>`
      select run_at, attempts, max_attempts, locked_at is not null as locked, locked_by
      from graphile_worker.jobs where key = ${key} order by id desc limit 1`.execute(db)
    const [row] = rows
    if (!row) return null
    const { run_at: runAt, attempts: attempt, max_attempts: maxAttempts, locked, locked_by } = row
    const waits = attempt < maxAttempts ? 'waiting' : 'given_up'
    return { state: locked ? 'running' : waits, runAt, attempt, maxAttempts, worker: locked ? locked_by : null }
  },
})

interface JobRow {
  run_at: Date
  attempts: number
  max_attempts: number
  locked: boolean
  locked_by: string | null
}

/** A job that was given up keeps its key; taken over, it would look as if it had waited since then. */
async function forgetGivenUp(db: Kysely<Tables>, key: string): Promise<void> {
  await sql`
    select graphile_worker.remove_job(j.key) from graphile_worker.jobs j
    where j.key = ${key} and j.attempts >= j.max_attempts and j.locked_at is null`.execute(db)
}
