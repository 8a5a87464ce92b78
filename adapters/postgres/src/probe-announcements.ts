import { sql } from 'kysely'
import pg from 'pg'
import { type ConnectionSettings, clientConfig } from './connection.ts'
import type { DatabaseHandle } from './open-database.ts'

const CHANNEL = 'calotype_probe'

/** Tells whoever listens that the storage's event of this probe arrived. Nothing is kept. */
export async function announceProbe({ kysely }: Pick<DatabaseHandle, 'kysely'>, probeId: string): Promise<void> {
  await sql`select pg_notify(${CHANNEL}, ${probeId})`.execute(kysely)
}

/** Calls `heard` with each probe that any process announces from now on. */
export async function listenForProbes(
  connection: ConnectionSettings,
  heard: (probeId: string) => void,
): Promise<{ close(): Promise<void> }> {
  const client = new pg.Client(clientConfig(connection, 'doctor'))
  // Whoever waits for an announcement stops waiting by itself.
  client.on('error', () => {})
  client.on('notification', ({ payload }) => {
    if (payload !== undefined) heard(payload)
  })
  const close = () => client.end().catch(() => {})
  try {
    await client.connect()
    await client.query(`listen ${CHANNEL}`)
  } catch (error) {
    void close()
    throw error
  }
  return { close }
}
