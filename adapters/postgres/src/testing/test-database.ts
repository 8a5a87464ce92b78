import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll } from 'vitest'
import type { ConnectionSettings } from '../connection.ts'
import { type EmbeddedServer, startEmbeddedServer } from '../embedded/index.ts'
import { type OpenDatabase, openDatabase } from '../open-database.ts'

interface TestServer {
  server: EmbeddedServer
  dataDirectory: string
}

let starting: Promise<TestServer> | null = null
let count = 0

/** One real PostgreSQL per test file, on first use. */
const testServer = (): Promise<TestServer> => {
  starting ??= startTestServer()
  return starting
}

async function startTestServer(): Promise<TestServer> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'calotype-test-'))
  return { dataDirectory, server: await startEmbeddedServer({ dataDirectory, log: () => {} }) }
}

afterAll(async () => {
  if (!starting) return
  const { server, dataDirectory } = await starting
  await server.stop()
  await rm(dataDirectory, { recursive: true, force: true })
})

export interface TestDatabase {
  connection: Exclude<ConnectionSettings, { connectionString: string }>
  /** Runs statements beside the program, as a user or another program would. */
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>
  drop(): Promise<void>
}

/** An empty database of its own on the file's server. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { server } = await testServer()
  const name = `test_${++count}`
  const at = (database: string) => ({ host: server.socketDirectory, port: server.port, user: server.user, database })
  const run = async <Row extends pg.QueryResultRow>(database: string, text: string, values: unknown[] = []) => {
    const client = new pg.Client(at(database))
    await client.connect()
    try {
      return (await client.query<Row>(text, values)).rows
    } finally {
      await client.end()
    }
  }
  await run(server.database, `create database ${name}`)
  return {
    connection: at(name),
    query: (text, values) => run(name, text, values),
    drop: async () => {
      await run(server.database, `drop database ${name} with (force)`)
    },
  }
}

/** An open, migrated database of its own; `close` closes and drops it. */
export async function openTestDatabase(
  options: { poolMax?: number } = {},
): Promise<OpenDatabase & { test: TestDatabase }> {
  const test = await createTestDatabase()
  const open = await openDatabase({
    connection: test.connection,
    poolMax: options.poolMax ?? 10,
    poolIdleSeconds: 10,
    onError: () => {},
  })
  const close = async () => {
    await open.close()
    await test.drop()
  }
  return { ...open, test, close }
}
