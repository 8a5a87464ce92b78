import { JOBS } from '@calotype/core'
import type pg from 'pg'

/** Jobs are copied as what they are, not as rows of the queue's own tables, which change with its releases. */
export const JOBS_TABLE = 'queued_jobs'

const COLUMNS = 'name, payload, run_at, priority, attempts, max_attempts, key, created_at'
const NAMES = Object.keys(JOBS)
  .map(name => `'${name}'`)
  .join(', ')

/** One that is running was not done: its try does not count. */
const QUEUED_JOBS = `
  select t.identifier as name, j.payload, j.run_at, j.priority,
    j.attempts - (j.locked_at is not null)::int as attempts, j.max_attempts, j.key, j.created_at
  from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
  where t.identifier in (${NAMES}) order by j.id`

export const JOBS_OUT = `copy (${QUEUED_JOBS}) to stdout`
export const JOBS_IN = `copy incoming_jobs (${COLUMNS}) from stdin`

export async function hasJobs(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query(`select 1 from (${QUEUED_JOBS}) as q limit 1`)
  return rows.length > 0
}

/** Where jobs arrive before they are queued; gone with the transaction. */
export const beginJobs = (client: pg.ClientBase) =>
  client.query(`create temporary table incoming_jobs (
    position bigint generated always as identity, name text, payload json, run_at timestamptz, priority smallint,
    attempts smallint, max_attempts smallint, key text, created_at timestamptz) on commit drop`)

/** Queues them in their order, with the tries and the age that they had. */
export async function queueJobs(client: pg.ClientBase): Promise<void> {
  await client.query(`create temporary table queued_again on commit drop as
    select i.attempts, i.created_at, (graphile_worker.add_job(identifier => i.name, payload => i.payload, run_at => i.run_at,
      max_attempts => i.max_attempts::int, job_key => i.key, priority => i.priority::int)).id
    from (select * from incoming_jobs order by position) as i`)
  await client.query(`update graphile_worker._private_jobs j set attempts = q.attempts, created_at = q.created_at
    from queued_again q where j.id = q.id`)
}
