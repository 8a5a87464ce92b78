import { setTimeout as sleep } from 'node:timers/promises'
import { Client, DatabaseError } from 'pg'
import { DATABASE, PORT, SUPERUSER } from './settings.ts'

const POLL_MS = 10
const NO_SUCH_DATABASE = '3D000'
const STARTING_UP = '57P03'

/** Connects until PostgreSQL answers, and makes our database where it is missing. False: stopped by `signal`. */
export async function waitUntilReady(socketDirectory: string, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    const outcome = await tryDatabase(socketDirectory, DATABASE)
    if (outcome === 'ready') return true
    if (outcome === 'missing') await tryDatabase(socketDirectory, 'postgres', `create database ${DATABASE}`)
    else await sleep(POLL_MS)
  }
  return false
}

async function tryDatabase(
  host: string,
  database: string,
  statement?: string,
): Promise<'ready' | 'missing' | 'not yet'> {
  const client = new Client({ host, port: PORT, user: SUPERUSER, database, ssl: false })
  // Without a listener, a server that dies after the handshake would end this process.
  client.on('error', () => {})
  try {
    await client.connect()
    if (statement) await client.query(statement)
    return 'ready'
  } catch (error) {
    if (!(error instanceof DatabaseError)) return 'not yet'
    if (error.code === NO_SUCH_DATABASE) return 'missing'
    if (error.code === STARTING_UP) return 'not yet'
    throw error
  } finally {
    await client.end().catch(() => {})
  }
}
