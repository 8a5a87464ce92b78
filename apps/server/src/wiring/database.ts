import type { Database } from '@calotype/core'
import { type DatabaseHandle, openDatabase, openReadReplica } from '@calotype/postgres'
import { lockDataDirectory, startEmbeddedServer } from '@calotype/postgres/embedded'
import type { FastifyBaseLogger } from 'fastify'
import type { Closers } from '../closers.ts'
import type { Config } from '../config.ts'
import { type DataFiles, openDataFiles } from '../data-files.ts'
import type { Part } from '../health-parts.ts'

export interface OpenPostgres {
  database: Database
  handle: DatabaseHandle
  /** Null without a replica: there is no such part. */
  replica: Part | null
}

/** The database, wherever it is; the embedded one is started. */
export async function openPostgres(config: Config, log: FastifyBaseLogger, closers: Closers): Promise<OpenPostgres> {
  const { databaseUrl } = config.cloud
  const { database, handle, close } = await openDatabase({
    connection: databaseUrl === null ? await startEmbedded(config, log, closers) : { connectionString: databaseUrl },
    poolMax: config.databasePoolMax,
    poolIdleSeconds: config.databasePoolIdleSeconds,
    // While everything stops, connections that end are no news.
    onError: error => {
      if (!closers.closing()) log.warn({ component: 'database', err: error }, 'a database connection was lost')
    },
  })
  closers.add(close)
  return { ...openReplica(database, config, log, closers), handle }
}

/** The same database, some of whose reads go to the replica, where there is one. */
function openReplica(
  primary: Database,
  { cloud, databasePoolMax, databasePoolIdleSeconds }: Config,
  log: FastifyBaseLogger,
  closers: Closers,
): Pick<OpenPostgres, 'database' | 'replica'> {
  if (cloud.replicaUrl === null) return { database: primary, replica: null }
  const { database, check, close } = openReadReplica(primary, {
    connection: { connectionString: cloud.replicaUrl },
    ...{ poolMax: databasePoolMax, poolIdleSeconds: databasePoolIdleSeconds },
    onChange: (state, error) => {
      if (state === 'away') log.warn({ component: 'replica', err: error }, 'the replica is away: the primary answers')
      else log.info({ component: 'replica' }, 'the replica is back')
    },
  })
  closers.add(close)
  return { database, replica: { check, vital: false } }
}

/** The PostgreSQL of the data directory, which has to be held. */
export async function startEmbedded(config: Config, log: FastifyBaseLogger, closers: Closers) {
  const server = await startEmbeddedServer({
    dataDirectory: config.dataDirectory,
    log: line => log.debug({ component: 'postgres' }, line),
  })
  closers.add(() => server.stop())
  return { host: server.socketDirectory, port: server.port, user: server.user, database: server.database }
}

/** The data directory, for this process alone: where nothing else is kept in it, files are worked on there. */
export async function holdDataDirectory({ dataDirectory }: Config, closers: Closers): Promise<DataFiles> {
  const files = await openDataFiles(dataDirectory)
  const lock = await lockDataDirectory(dataDirectory)
  closers.add(() => lock.release())
  return files
}
