import { transfer } from '@calotype/core'
import { createMemoryBlobStore, createTestClock } from '@calotype/core/testing'
import type { ConnectionSettings } from '../connection.ts'
import { createPostgresDatabaseCopy } from '../copy/postgres-database-copy.ts'

/** A database as tests look at it. */
export interface Inspected {
  connection: ConnectionSettings
  query<Row extends Record<string, unknown>>(text: string, values?: unknown[]): Promise<Row[]>
}

/** Brings the rows of one database to another; there are no objects. */
export function copyBetween(from: Inspected, to: Inspected) {
  const clock = createTestClock()
  const side = ({ connection }: Inspected) => ({
    database: createPostgresDatabaseCopy(connection),
    blobs: createMemoryBlobStore(clock),
  })
  return transfer({ from: side(from), to: side(to), ledger: createMemoryBlobStore(clock), clock }, () => {})
}

/** Every row as PostgreSQL shows it, asked otherwise than the copy does. */
export async function dump({ query }: Inspected): Promise<Record<string, readonly string[]>> {
  const tables = await query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
     and relname not in ('worker_heartbeats', 'calotype_migrations', 'hosts_own') order by 1`,
  )
  const rows: Record<string, readonly string[]> = {}
  for (const { name } of tables)
    rows[name] = (
      await query<{ row: string }>(`select (to_jsonb(t) - 'xid')::text as row from ${name} t order by 1`)
    ).map(({ row }) => row)
  return rows
}

/** The jobs, in their order; one that runs as it will be when nobody runs it. */
export const queueOf = ({ query }: Inspected) =>
  query(
    `select t.identifier as name, j.payload::text, j.run_at, j.priority, j.max_attempts, j.key, j.created_at,
       j.attempts - (j.locked_at is not null)::int as attempts
     from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id order by j.id`,
  )
