import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import {
  type DatabaseLoader,
  type DatabaseLoading,
  type DatabaseMoment,
  type DatabaseReader,
  installationNotEmpty,
  nothingToCopy,
} from '@calotype/core'
import type pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { type ConnectionSettings, createPool, patientConfig } from '../connection.ts'
import { translateError } from '../errors.ts'
import { applyMigrations, type HeldDatabase, holdMigrationLock, readMigrations } from '../migrate.ts'
import { beginJobs, hasJobs, JOBS_IN, JOBS_OUT, JOBS_TABLE, queueJobs } from './copied-jobs.ts'
import { listReferencedObjects } from './referenced-objects.ts'
import { readTableShapes, type TableShape } from './table-shapes.ts'

/** Text that every server of every version reads and writes alike. */
const PLAIN_TEXT = `set datestyle to 'ISO, YMD'; set intervalstyle to 'postgres'; set timezone to 'UTC';
  set bytea_output to 'hex'; set extra_float_digits to 1; set client_encoding to 'UTF8'`

/** Copies a database as text, by COPY: between any two majors, and beside a server that works on it. */
export function createPostgresDatabaseCopy(connection: ConnectionSettings): DatabaseReader & DatabaseLoader {
  const translated = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      throw translateError(error)
    })
  return {
    read: work =>
      translated(
        withClient(connection, async client => {
          await client.query('begin transaction isolation level repeatable read read only')
          return work(await momentOf(client))
        }),
      ),
    findContents: () => translated(withClient(connection, findContents)),
    knownSchema: async () => (await readMigrations()).map(({ version }) => version),
    load: (schema, work) => translated(holdMigrationLock(connection, held => load(held, schema, work))),
  }
}

/** On a connection of its own, which is closed whatever it is in the middle of. */
async function withClient<T>(connection: ConnectionSettings, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const pool = createPool({ ...patientConfig(connection, 'copy'), max: 1 }, () => {})
  try {
    const client = await pool.connect()
    try {
      await client.query(PLAIN_TEXT)
      return await work(client)
    } finally {
      client.release(true)
    }
  } finally {
    await pool.end()
  }
}

async function momentOf(client: pg.PoolClient): Promise<DatabaseMoment> {
  const schema = await readSchema(client)
  if (schema.length === 0) throw nothingToCopy('The database')
  const shapes = await readTableShapes(client)
  const { rows } = await client.query<{ server_version: string }>('show server_version')
  return {
    schema,
    server: rows[0]?.server_version ?? '',
    tables: [...shapes.map(({ name }) => name), JOBS_TABLE],
    readTable: async table => readTable(client, shapes, table),
    listObjects: (after, limit) => listReferencedObjects(client, after, limit),
  }
}

async function readSchema(client: pg.PoolClient): Promise<readonly number[]> {
  const { rows } = await client.query<{ there: boolean }>(
    `select to_regclass('calotype_migrations') is not null as there`,
  )
  if (!rows[0]?.there) return []
  const applied = await client.query<{ version: number }>('select version from calotype_migrations order by version')
  return applied.rows.map(({ version }) => version)
}

const columnsOf = ({ columns }: TableShape): string => columns.map(column => `"${column}"`).join(', ')

function shapeOf(shapes: readonly TableShape[], table: string): TableShape {
  const shape = shapes.find(({ name }) => name === table)
  if (!shape) throw new Error(`There is no table ${table} in this schema`)
  return shape
}

function readTable(client: pg.PoolClient, shapes: readonly TableShape[], table: string): Readable {
  if (table === JOBS_TABLE) return client.query(copyTo(JOBS_OUT))
  const shape = shapeOf(shapes, table)
  const select = `select ${columnsOf(shape)} from "${table}" order by ${shape.orderBy.join(', ')}`
  return client.query(copyTo(`copy (${select}) to stdout`))
}

async function loadTable(client: pg.PoolClient, shapes: readonly TableShape[], table: string, rows: Readable) {
  if (table === JOBS_TABLE) {
    await beginJobs(client)
    await pipeline(rows, client.query(copyFrom(JOBS_IN)))
    return queueJobs(client)
  }
  const shape = shapeOf(shapes, table)
  await pipeline(rows, client.query(copyFrom(`copy "${table}" (${columnsOf(shape)}) from stdin`)))
  for (const column of shape.counters)
    await client.query(
      `select setval(pg_get_serial_sequence($1, $2), greatest(max("${column}"), 1), max("${column}") is not null) from "${table}"`,
      [table, column],
    )
}

async function findContents(client: pg.PoolClient): Promise<string | null> {
  if ((await readSchema(client)).length === 0) return null
  for (const { name } of await readTableShapes(client)) {
    const { rows } = await client.query(`select 1 from "${name}" limit 1`)
    if (rows.length > 0) return `rows in the table ${name}`
  }
  return (await hasQueue(client)) && (await hasJobs(client)) ? 'waiting jobs' : null
}

async function hasQueue(client: pg.PoolClient): Promise<boolean> {
  const { rows } = await client.query(`select 1 where to_regclass('graphile_worker._private_jobs') is not null`)
  return rows.length > 0
}

async function load(
  held: HeldDatabase,
  schema: readonly number[],
  work: (loading: DatabaseLoading) => Promise<void>,
): Promise<void> {
  const { client } = held
  await client.query(PLAIN_TEXT)
  const migrations = await readMigrations()
  const wanted = migrations.filter(({ version }) => schema.includes(version))
  await applyMigrations(held, wanted)
  const found = await readSchema(client)
  if (found.length !== schema.length)
    throw installationNotEmpty(`the schema of version ${found.at(-1)} already, though no rows`)
  // Nothing is rolled back: in the middle of a COPY nobody would answer, and the connection is closed after a failure.
  await client.query('begin')
  const contents = await findContents(client)
  if (contents !== null) throw installationNotEmpty(contents)
  const shapes = await readTableShapes(client)
  await work({
    loadTable: (table, rows) => loadTable(client, shapes, table, rows),
    readTable: async table => readTable(client, shapes, table),
  })
  await client.query('commit')
  await applyMigrations(held, migrations)
}
