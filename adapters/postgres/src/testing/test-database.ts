import pg from 'pg'
import { inject } from 'vitest'
import type { ConnectionSettings } from '../connection.ts'
import { type OpenDatabase, openDatabase } from '../open-database.ts'
import type {} from './postgres-setup.ts'

let count = 0

export interface TestDatabase {
  connection: Exclude<ConnectionSettings, { connectionString: string }>
  /** Runs statements beside the program, as a user or another program would. */
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>
  drop(): Promise<void>
}

/** An empty database of its own on the run's server; with `migrated` it has all tables. */
export async function createTestDatabase(options: { migrated?: boolean } = {}): Promise<TestDatabase> {
  const server = inject('postgres')
  const name = `test_${process.pid}_${++count}`
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
  await run(server.database, `create database ${name}${options.migrated ? ` template ${server.template}` : ''}`)
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
  const test = await createTestDatabase({ migrated: true })
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
