import pg from 'pg'
import { type ConnectionSettings, clientConfig } from './connection.ts'
import { translateError } from './errors.ts'
import { HEARTBEAT_SILENCE_MS } from './limits.ts'
import { readMigrations } from './migrate.ts'

/** What a database says of itself. */
export interface DatabaseFacts {
  /** Like `18.1`. */
  version: string
  /** The database's clock, and this machine's in the middle of asking. */
  now: Date
  askedAt: Date
  /** Migrations of this program that are not in the database yet, by name. */
  pending: readonly string[]
  /** Whether the schema demands a newer program. */
  tooNew: boolean
  /** Processes that run jobs and showed themselves lately. */
  workers: number
}

/** Looks into a database and changes nothing, not even its schema. Rejects with `database_unavailable`. */
export async function inspectSchema(connection: ConnectionSettings): Promise<DatabaseFacts> {
  const client = new pg.Client(clientConfig(connection, 'doctor'))
  client.on('error', () => {})
  try {
    await client.connect()
    const began = Date.now()
    const { rows } = await client.query<{ version: string; now: Date }>(
      `select current_setting('server_version') as version, clock_timestamp() as now`,
    )
    const askedAt = new Date((began + Date.now()) / 2)
    const { version = '', now = askedAt } = rows[0] ?? {}
    return { version, now, askedAt, ...(await readSchema(client)), workers: await countWorkers(client) }
  } catch (error) {
    throw translateError(error)
  } finally {
    await client.end().catch(() => {})
  }
}

async function readSchema(client: pg.Client): Promise<Pick<DatabaseFacts, 'pending' | 'tooNew'>> {
  const known = await readMigrations()
  if (!(await hasTable(client, 'calotype_migrations'))) return { pending: known.map(({ name }) => name), tooNew: false }
  const { rows } = await client.query<{ version: number; compatible_from: number }>(
    'select version, compatible_from from calotype_migrations',
  )
  const applied = new Set(rows.map(({ version }) => version))
  const ours = Math.max(...known.map(({ version }) => version))
  return {
    pending: known.filter(({ version }) => !applied.has(version)).map(({ name }) => name),
    tooNew: rows.some(row => row.compatible_from > ours),
  }
}

async function countWorkers(client: pg.Client): Promise<number> {
  if (!(await hasTable(client, 'worker_heartbeats'))) return 0
  const { rows } = await client.query<{ count: number }>(
    'select count(*) as count from worker_heartbeats where seen_at >= now() - make_interval(secs => $1)',
    [HEARTBEAT_SILENCE_MS / 1000],
  )
  return rows[0]?.count ?? 0
}

async function hasTable(client: pg.Client, name: string): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>('select to_regclass($1) is not null as found', [name])
  return rows[0]?.found ?? false
}
