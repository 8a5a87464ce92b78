import type { AsyncLocalStorage } from 'node:async_hooks'
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely'
import type pg from 'pg'
import { cleanParameter } from './clean.ts'
import { isConnectionLoss, outsideTransaction, translateError } from './errors.ts'

/** Whether the code that runs now is inside the work of a transaction. */
export type TransactionScope = AsyncLocalStorage<{ open: boolean }>

/**
 * Kysely on a `pg` pool, with what Kysely's own driver lacks: taking a second connection inside an open transaction is an error at once,
 * text is cleaned, errors are translated, and a connection that cannot be trusted any more leaves the pool.
 */
export const createGuardedDialect = (pool: pg.Pool, scope: TransactionScope): Dialect => ({
  createDriver: () => new GuardedDriver(pool, scope),
  createQueryCompiler: () => new PostgresQueryCompiler(),
  createAdapter: () => new PostgresAdapter(),
  createIntrospector: db => new PostgresIntrospector(db),
})

class GuardedConnection implements DatabaseConnection {
  readonly #client: pg.PoolClient
  #broken = false
  #released = false

  constructor(client: pg.PoolClient) {
    this.#client = client
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    return this.run<R>(query.sql, query.parameters)
  }

  async run<R>(text: string, parameters: readonly unknown[] = []): Promise<QueryResult<R>> {
    if (this.#released) throw new Error('The stores of a transaction were used after its end.')
    try {
      const values = parameters.map(cleanParameter)
      const { rows, rowCount } = await this.#client.query(text, values)
      return { rows, numAffectedRows: BigInt(rowCount ?? 0) }
    } catch (error) {
      if (isConnectionLoss(error)) this.#broken = true
      throw translateError(error)
    }
  }

  // biome-ignore lint/correctness/useYield: nothing here streams; Kysely asks for the method.
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('Streaming queries are not supported')
  }

  /** Never rejects: the error that made the rollback necessary is the one that matters. */
  async rollback(): Promise<void> {
    if (this.#broken) return
    await this.run('rollback').catch(() => {
      this.#broken = true
    })
  }

  release(): void {
    this.#released = true
    this.#client.release(this.#broken)
  }
}

class GuardedDriver implements Driver {
  readonly #pool: pg.Pool
  readonly #scope: TransactionScope

  constructor(pool: pg.Pool, scope: TransactionScope) {
    this.#pool = pool
    this.#scope = scope
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<GuardedConnection> {
    if (this.#scope.getStore()?.open) throw outsideTransaction()
    try {
      return new GuardedConnection(await this.#pool.connect())
    } catch (error) {
      throw translateError(error)
    }
  }

  async beginTransaction(connection: GuardedConnection): Promise<void> {
    await connection.run('begin')
  }

  async commitTransaction(connection: GuardedConnection): Promise<void> {
    await connection.run('commit')
  }

  async rollbackTransaction(connection: GuardedConnection): Promise<void> {
    await connection.rollback()
  }

  async releaseConnection(connection: GuardedConnection): Promise<void> {
    connection.release()
  }

  /** The pool belongs to the one who made it. */
  async destroy(): Promise<void> {}
}
