import { readdir, readFile } from 'node:fs/promises'
import { runMigrations } from 'graphile-worker'
import type pg from 'pg'
import { type ConnectionSettings, createPool, patientConfig } from './connection.ts'
import { databaseTooNew } from './errors.ts'
import { silentLogger } from './job-logger.ts'

/** Arbitrary, but the same in every version: whoever holds it migrates. */
const MIGRATION_LOCK = 4_210_117_001
const FOLDER = new URL('./migrations/', import.meta.url)

export interface Migration {
  version: number
  name: string
  /** The lowest program version that can work with the schema after this migration. */
  compatibleFrom: number
  sql: string
}

/** The migrations that this program knows, oldest first; each file is `NNNN-name.sql` and starts with `-- compatible_from: N`. */
export async function readMigrations(): Promise<readonly Migration[]> {
  const names = (await readdir(FOLDER)).filter(name => name.endsWith('.sql')).sort()
  return Promise.all(
    names.map(async name => {
      const text = await readFile(new URL(name, FOLDER), 'utf8')
      const compatibleFrom = /^-- compatible_from: (\d+)$/m.exec(text)?.[1]
      if (compatibleFrom === undefined) throw new Error(`Migration ${name} does not say what it is compatible from`)
      return { version: Number.parseInt(name, 10), name, compatibleFrom: Number(compatibleFrom), sql: text }
    }),
  )
}

/**
 * Brings the database to this program's schema, one program at a time. A newer database is refused only when it says that programs
 * of this version cannot work with it, so that rolling deploys work.
 */
export async function migrate(connection: ConnectionSettings): Promise<void> {
  const migrations = await readMigrations()
  await holdMigrationLock(connection, held => applyMigrations(held, migrations))
}

/** A database that no other program migrates. */
export interface HeldDatabase {
  client: pg.PoolClient
  pool: pg.Pool
}

/** Runs `work` while no other program migrates, or starts on this database. */
export async function holdMigrationLock<T>(
  connection: ConnectionSettings,
  work: (held: HeldDatabase) => Promise<T>,
): Promise<T> {
  // Migrations may take their time, and one of two programs waits for the other.
  const config = { ...patientConfig(connection, 'migrations'), max: 2 }
  const pool = createPool(config, () => {})
  try {
    const client = await pool.connect()
    try {
      await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK])
      return await work({ client, pool })
    } finally {
      // Closing the connection gives the lock back.
      client.release(true)
    }
  } finally {
    await pool.end()
  }
}

/** Those of these that are missing, and the tables of the job queue; the lock has to be held. */
export async function applyMigrations({ client, pool }: HeldDatabase, migrations: readonly Migration[]): Promise<void> {
  await migrateTables(client, migrations)
  await runMigrations({ pgPool: pool, logger: silentLogger })
}

async function migrateTables(client: pg.PoolClient, migrations: readonly Migration[]): Promise<void> {
  await client.query(`create table if not exists calotype_migrations (
    version integer primary key,
    name text not null,
    compatible_from integer not null,
    applied_at timestamptz not null default now()
  )`)
  const { rows } = await client.query<{ version: number; compatible_from: number }>(
    'select version, compatible_from from calotype_migrations',
  )
  const ours = Math.max(...migrations.map(migration => migration.version))
  const demanded = Math.max(0, ...rows.map(row => row.compatible_from))
  if (demanded > ours) throw databaseTooNew(demanded, ours)
  const applied = new Set(rows.map(row => row.version))
  for (const migration of migrations) {
    if (!applied.has(migration.version)) await apply(client, migration)
  }
}

async function apply(client: pg.PoolClient, migration: Migration): Promise<void> {
  await client.query('begin')
  try {
    await client.query(migration.sql)
    await client.query('insert into calotype_migrations (version, name, compatible_from) values ($1, $2, $3)', [
      migration.version,
      migration.name,
      migration.compatibleFrom,
    ])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw error
  }
}
