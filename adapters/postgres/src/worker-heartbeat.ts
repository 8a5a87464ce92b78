import type pg from 'pg'
import { HEARTBEAT_SILENCE_MS } from './limits.ts'

/** A job may be locked for a moment before its runner has shown itself for the first time: the silence counts for both. */
const SILENT_RUNNERS = `
  select distinct j.locked_by as id from graphile_worker.jobs j
  where j.locked_by is not null and j.locked_at < now() - make_interval(secs => $1)
    and not exists (
      select 1 from worker_heartbeats h
      where h.worker_id = j.locked_by and h.seen_at >= now() - make_interval(secs => $1))`

const ALL_RUNNERS = 'select distinct locked_by as id from graphile_worker.jobs where locked_by is not null'

/** Shows that these runners live. The database's clock is the only one that counts. */
export async function beat(pool: pg.Pool, workerIds: readonly string[]): Promise<void> {
  await pool.query(
    `insert into worker_heartbeats (worker_id) select unnest($1::text[])
     on conflict (worker_id) do update set seen_at = now()`,
    [workerIds],
  )
}

/** Gives away the jobs of runners that were killed; resolves with their ids. */
export async function unlockSilent(pool: pg.Pool): Promise<readonly string[]> {
  const silence = HEARTBEAT_SILENCE_MS / 1000
  const { rows } = await pool.query<{ id: string }>(SILENT_RUNNERS, [silence])
  await unlock(
    pool,
    rows.map(row => row.id),
  )
  await pool.query('delete from worker_heartbeats where seen_at < now() - make_interval(secs => $1)', [silence])
  return rows.map(row => row.id)
}

/** At the start of the only server on a database: whoever holds a job is dead. */
export async function unlockAll(pool: pg.Pool): Promise<readonly string[]> {
  const { rows } = await pool.query<{ id: string }>(ALL_RUNNERS)
  await unlock(
    pool,
    rows.map(row => row.id),
  )
  await pool.query('delete from worker_heartbeats')
  return rows.map(row => row.id)
}

/** Gives away the jobs of these runners. */
export async function unlock(pool: pg.Pool, workerIds: readonly string[]): Promise<void> {
  if (workerIds.length === 0) return
  await pool.query('select graphile_worker.force_unlock_workers($1::text[])', [workerIds])
  await pool.query('delete from worker_heartbeats where worker_id = any($1::text[])', [workerIds])
}
