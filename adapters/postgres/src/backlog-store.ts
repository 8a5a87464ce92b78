import { type BacklogStore, isJobName } from '@calotype/core'
import { type Kysely, sql } from 'kysely'
import type { Tables } from './tables.ts'

interface JobRow {
  name: string
  waiting: number
  running: number
  given_up: number
  oldest_due: Date | null
}

interface OutgoingRow {
  waiting: number
  oldest: Date | null
}

export const createPostgresBacklogStore = (db: Kysely<Tables>): BacklogStore => ({
  async find(now) {
    const { rows: jobs } = await sql<JobRow>`
      select task_identifier as name,
        count(*) filter (where locked_at is null and attempts < max_attempts)::int as waiting,
        count(*) filter (where locked_at is not null)::int as running,
        count(*) filter (where locked_at is null and attempts >= max_attempts)::int as given_up,
        min(run_at) filter (where locked_at is null and attempts < max_attempts and run_at <= ${now}) as oldest_due
      from graphile_worker.jobs group by task_identifier`.execute(db)
    const { rows: messages } = await sql<OutgoingRow>`
      select count(*)::int as waiting, min(created_at) as oldest from pipeline_messages where status = 'waiting'`.execute(
      db,
    )
    const { rows: deliveries } = await sql<OutgoingRow>`
      select count(*)::int as waiting, min(at) as oldest from webhook_deliveries where status = 'pending'`.execute(db)
    const none = { waiting: 0, oldest: null }
    return {
      jobs: jobs.flatMap(({ name: job, waiting, running, given_up: givenUp, oldest_due: oldestDue }) =>
        // Those of another version of the program are not told of: nobody here knows their name.
        isJobName(job) ? [{ job, waiting, running, givenUp, oldestDue }] : [],
      ),
      messages: messages[0] ?? none,
      deliveries: deliveries[0] ?? none,
    }
  },
})
