import { AsyncLocalStorage } from 'node:async_hooks'
import type { Database, ImageQuery } from '@calotype/core'
import { Kysely, sql } from 'kysely'
import { type ConnectionSettings, clientConfig, createPool } from './connection.ts'
import { createGuardedDialect } from './guarded-dialect.ts'
import { REPLICA_ANSWER_MS, REPLICA_PAUSE_MS } from './limits.ts'
import { createStores } from './stores.ts'
import type { Tables } from './tables.ts'

export interface ReplicaOptions {
  connection: ConnectionSettings
  poolMax: number
  poolIdleSeconds: number
  /** Told once when it goes away and once when it is back. */
  onChange(state: 'away' | 'back', error: unknown): void
}

export interface ReadReplica {
  /** The primary, with the few calls below answered by the replica while it answers. */
  database: Database
  check(): Promise<void>
  close(): Promise<void>
}

type Patient = Pick<Database, 'images' | 'audit' | 'securityLog'>

/**
 * What a copy may answer that is some moments old, here and nowhere else: what is looked for, and the pages after the first. Everything
 * else is the primary's: rights and credentials, each single image, what was just made (it stands on first pages), what is deleted, and
 * whatever a transaction or a job reads.
 */
const patientCalls = (primary: Patient, ask: Ask): Patient => ({
  images: {
    ...primary.images,
    list: query => (isPatient(query) ? ask(stores => stores.images.list(query)) : primary.images.list(query)),
    findSimilar: query => ask(stores => stores.images.findSimilar(query)),
  },
  audit: {
    ...primary.audit,
    list: query => (query.before === null ? primary.audit.list(query) : ask(stores => stores.audit.list(query))),
  },
  securityLog: {
    ...primary.securityLog,
    list: query =>
      query.before === null ? primary.securityLog.list(query) : ask(stores => stores.securityLog.list(query)),
  },
})

const isPatient = ({ status, before, search, camera }: ImageQuery): boolean =>
  status !== 'deleted' && (before !== null || search !== null || camera !== null)

type Ask = <Answer>(read: (stores: Patient) => Promise<Answer>) => Promise<Answer>

/** Reads from a copy of the primary. Needs nothing of it: while it is away, or behind in its schema, the primary answers. */
export function openReadReplica(primary: Database, options: ReplicaOptions): ReadReplica {
  const quick = { connectionTimeoutMillis: REPLICA_ANSWER_MS, statement_timeout: REPLICA_ANSWER_MS }
  const pool = createPool(
    {
      ...clientConfig(options.connection, 'replica'),
      ...{ ...quick, query_timeout: REPLICA_ANSWER_MS, options: '-c default_transaction_read_only=on' },
      ...{ max: options.poolMax, idleTimeoutMillis: options.poolIdleSeconds * 1000 },
    },
    () => {},
  )
  const kysely = new Kysely<Tables>({ dialect: createGuardedDialect(pool, new AsyncLocalStorage()) })
  const stores = createStores(kysely)
  let away = false
  let askAgainAt = 0
  const report = (state: 'away' | 'back', error: unknown) => {
    if (away === (state === 'away')) return
    away = state === 'away'
    options.onChange(state, error)
  }
  const ask: Ask = async read => {
    if (Date.now() < askAgainAt) return read(primary)
    try {
      const answer = await read(stores)
      report('back', null)
      return answer
    } catch (error) {
      askAgainAt = Date.now() + REPLICA_PAUSE_MS
      report('away', error)
      return read(primary)
    }
  }
  return {
    database: { ...primary, ...patientCalls(primary, ask) },
    check: async () => {
      await sql`select 1`.execute(kysely)
    },
    close: async () => {
      await kysely.destroy()
      await pool.end()
    },
  }
}
