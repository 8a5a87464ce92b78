import type { Database } from '@calotype/core'
import { type DatabaseHandle, openDatabase } from '@calotype/postgres'
import { lockDataDirectory, startEmbeddedServer } from '@calotype/postgres/embedded'
import type { FastifyBaseLogger } from 'fastify'
import type { Closers } from './closers.ts'
import type { Config } from './config.ts'
import { type DataFiles, openDataFiles } from './data-files.ts'

/** The database, wherever it is; the embedded one is started. */
export async function openPostgres(
  config: Config,
  log: FastifyBaseLogger,
  closers: Closers,
): Promise<{ database: Database; handle: DatabaseHandle }> {
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
  return { database, handle }
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
