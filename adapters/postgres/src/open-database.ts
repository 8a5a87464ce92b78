import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Database, Stores } from '@calotype/core'
import { Kysely, sql } from 'kysely'
import { type ConnectionSettings, clientConfig, createPool } from './connection.ts'
import { isRetryable, outsideTransaction, translateError } from './errors.ts'
import { createGuardedDialect } from './guarded-dialect.ts'
import { TRANSACTION_ATTEMPTS, TRANSACTION_RETRY_MS } from './limits.ts'
import { migrate } from './migrate.ts'
import { createStores } from './stores.ts'
import type { Tables } from './tables.ts'

export interface OpenDatabaseOptions {
  connection: ConnectionSettings
  poolMax: number
  poolIdleSeconds: number
  /** Connections that were lost while nobody waited for them; the pool replaces them by itself. */
  onError(error: Error): void
}

/** What the job runner and the event feed need besides the stores. */
export interface DatabaseHandle {
  connection: ConnectionSettings
  kysely: Kysely<Tables>
}

export interface OpenDatabase {
  database: Database
  handle: DatabaseHandle
  close(): Promise<void>
}

/** Connects, migrates, and hands out the stores. Rejects with `database_unavailable` or `database_too_new`. */
export async function openDatabase(options: OpenDatabaseOptions): Promise<OpenDatabase> {
  const { connection, onError } = options
  await migrate(connection).catch((error: unknown) => {
    throw translateError(error)
  })
  const pool = createPool(
    {
      ...clientConfig(connection, 'stores'),
      max: options.poolMax,
      idleTimeoutMillis: options.poolIdleSeconds * 1000,
    },
    onError,
  )
  const scope = new AsyncLocalStorage<{ open: boolean }>()
  const kysely = new Kysely<Tables>({ dialect: createGuardedDialect(pool, scope) })
  const database: Database = {
    ...createStores(kysely),
    transaction: work => runTransaction(kysely, scope, work),
    check: async () => {
      await sql`select 1`.execute(kysely)
    },
  }
  return {
    database,
    handle: { connection, kysely },
    close: async () => {
      await kysely.destroy()
      await pool.end()
    },
  }
}

async function runTransaction<T>(
  kysely: Kysely<Tables>,
  scope: AsyncLocalStorage<{ open: boolean }>,
  work: (tx: Stores) => Promise<T>,
): Promise<T> {
  if (scope.getStore()?.open) throw outsideTransaction()
  for (let attempt = 1; ; attempt++) {
    const inside = { open: true }
    try {
      return await kysely.transaction().execute(tx => scope.run(inside, () => work(createStores(tx))))
    } catch (error) {
      if (attempt >= TRANSACTION_ATTEMPTS || !isRetryable(error)) throw error
      await sleep(TRANSACTION_RETRY_MS * 2 ** (attempt - 1) * (0.5 + Math.random()))
    } finally {
      // Work that outlives the transaction (a timer, a listener) may use the pool again.
      inside.open = false
    }
  }
}
