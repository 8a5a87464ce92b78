import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ConnectionSettings } from '../connection.ts'
import { startEmbeddedServer } from '../embedded/index.ts'
import { openDatabase } from '../open-database.ts'
import { copyBetween, dump, type Inspected, queueOf } from '../testing/copy-between.ts'
import { type DebianPostgres, startDebianPostgres } from '../testing/debian-postgres.ts'
import { fillDatabase } from '../testing/fill-database.ts'

let older: DebianPostgres
let newer: Awaited<ReturnType<typeof startEmbeddedServer>>
let directory: string

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'calotype-majors-'))
  older = await startDebianPostgres()
  newer = await startEmbeddedServer({ dataDirectory: directory, log: () => {} })
}, 300_000)

afterAll(async () => {
  await older?.stop()
  await newer?.stop()
  await rm(directory, { recursive: true, force: true })
})

type Parts = Exclude<ConnectionSettings, { connectionString: string }>

/** A new database on one of the servers. */
async function createDatabase(server: Parts, name: string): Promise<Inspected> {
  const run = async <Row extends Record<string, unknown>>(at: Parts, text: string, values: unknown[] = []) => {
    const client = new pg.Client(at)
    await client.connect()
    try {
      return (await client.query<Row>(text, values)).rows
    } finally {
      await client.end()
    }
  }
  await run(server, `create database ${name}`)
  const connection = { ...server, database: name }
  return { connection, query: (text, values) => run(connection, text, values) }
}

const serverOf = ({ socketDirectory: host, port, user, database }: typeof newer): Parts => ({
  ...{ host, port, user, database },
})

async function fill(database: Inspected): Promise<void> {
  const { connection } = database
  const opened = await openDatabase({ connection, poolMax: 2, poolIdleSeconds: 10, onError: () => {} })
  await fillDatabase(opened.database, database.query)
  await opened.close()
}

const versionOf = async ({ query }: Inspected) => (await query('show server_version_num'))[0]?.server_version_num

it('brings every row from PostgreSQL 15 to 18, and from there to 15 again', async () => {
  const source = await createDatabase(older.connection, 'source')
  await fill(source)
  const middle = await createDatabase(serverOf(newer), 'middle')
  expect([String(await versionOf(source)).slice(0, 2), String(await versionOf(middle)).slice(0, 2)]).toEqual([
    '15',
    '18',
  ])
  await copyBetween(source, middle)
  expect(await dump(middle)).toEqual(await dump(source))
  const target = await createDatabase(older.connection, 'target')
  await copyBetween(middle, target)
  expect(await dump(target)).toEqual(await dump(source))
  expect(await queueOf(target)).toEqual(await queueOf(source))
})

it('brings what was made on PostgreSQL 18 to 15, where the program works', async () => {
  const source = await createDatabase(serverOf(newer), 'made_new')
  await fill(source)
  const target = await createDatabase(older.connection, 'kept_old')
  expect(await copyBetween(source, target)).toMatchObject({ differentTables: [] })
  expect(await dump(target)).toEqual(await dump(source))
  const { connection } = target
  const opened = await openDatabase({ connection, poolMax: 2, poolIdleSeconds: 10, onError: () => {} })
  expect(await opened.database.jobs.find('runs')).toMatchObject({ state: 'waiting', attempt: 2 })
  await opened.close()
})
