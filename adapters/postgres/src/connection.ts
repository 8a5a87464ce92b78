import pg from 'pg'
import { CONNECT_TIMEOUT_MS, IDLE_TRANSACTION_TIMEOUT_MS, QUERY_TIMEOUT_MS, STATEMENT_TIMEOUT_MS } from './limits.ts'

/** Where the database is: a connection string, or the parts of one (`host` may be the directory of a unix socket). */
export type ConnectionSettings =
  | { connectionString: string }
  | { host: string; port: number; user: string; database: string }

const INT8_OID = 20

/** Byte counts and sequences stay far below 2^53, so int8 becomes a number, once, here. */
function typeParsers(): pg.TypeOverrides {
  const types = new pg.TypeOverrides()
  types.setTypeParser(INT8_OID, Number)
  return types
}

/** The settings that every connection of ours has. */
export const clientConfig = (connection: ConnectionSettings, purpose: string): pg.ClientConfig => ({
  ...connection,
  application_name: `calotype ${purpose}`,
  connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  statement_timeout: STATEMENT_TIMEOUT_MS,
  query_timeout: QUERY_TIMEOUT_MS,
  idle_in_transaction_session_timeout: IDLE_TRANSACTION_TIMEOUT_MS,
  keepAlive: true,
  types: typeParsers(),
})

/** For what may take its time: migrations, and copies of everything. */
export const patientConfig = (connection: ConnectionSettings, purpose: string): pg.ClientConfig => ({
  ...clientConfig(connection, purpose),
  ...{ statement_timeout: 0, query_timeout: 0, idle_in_transaction_session_timeout: 0 },
})

/**
 * A pool that survives the server: without these listeners, the loss of a connection (idle or in use) would end the process.
 * The connection itself is replaced at its next use.
 */
export function createPool(config: pg.PoolConfig, onError: (error: Error) => void): pg.Pool {
  const pool = new pg.Pool(config)
  pool.on('error', onError)
  pool.on('connect', client => {
    client.on('error', onError)
  })
  return pool
}
