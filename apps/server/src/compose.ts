import path from 'node:path'
import { consoleDirectory } from '@calotype/console'
import {
  createInFlight,
  createMemoryRateLimiter,
  createSignInLink,
  type ImageProcessor,
  install,
  meterBlobStore,
  newId,
  type RateLimiter,
  systemClock,
} from '@calotype/core'
import { createDiskBlobStore, createDiskCdn, createDiskUploadSigner, createDiskWorkspace } from '@calotype/disk'
import { openDatabase, pruneEvents, pruneSessions, startEventFeed, startJobRunner } from '@calotype/postgres'
import { lockDataDirectory, startEmbeddedServer } from '@calotype/postgres/embedded'
import { createRedisRateLimiter } from '@calotype/redis'
import { createSharpImageProcessor, type EngineLogEntry } from '@calotype/sharp'
import type { FastifyBaseLogger } from 'fastify'
import { createClosers } from './closers.ts'
import { openAccounts } from './compose-accounts.ts'
import { openCredentials } from './compose-credentials.ts'
import type { Config } from './config.ts'
import { openDataFiles } from './data-files.ts'
import type { Deps } from './deps.ts'
import type { App } from './http/app.ts'
import { buildApp } from './http/build-app.ts'
import { createSecurityLog } from './security-log.ts'
import { createUsageMeter } from './usage-meter.ts'
import { createJobHandlers } from './worker/job-handlers.ts'

/** Half of what a revoked credential or membership is given. */
const STREAM_RECHECK_MS = 30_000

export interface Composition {
  app: App
  deps: Deps
  /** Makes a new one-time sign-in link for the console and keeps it in the data directory. */
  issueConsoleLink(): Promise<string>
  /** Refuses new work, lets running work end, then stops the engine and the database, in that order. */
  close(): Promise<void>
}

/** What tests replace. */
export interface Overrides {
  processor?: ImageProcessor
  /** More routes, beside those of the product: what benches compare it with. */
  routes?: (app: App, deps: Deps) => void
  /** The public keys of our own tokens. */
  readJwks?: () => Promise<unknown>
}

/** The only wiring: configuration in, running parts and a way to stop them out. Whatever was started is stopped when a later part fails. */
export async function compose(
  config: Config,
  publicUrl: string,
  log: FastifyBaseLogger,
  overrides: Overrides = {},
): Promise<Composition> {
  const closers = createClosers()
  try {
    return await start(config, publicUrl, log, overrides, closers)
  } catch (error) {
    await closers.close()
    throw error
  }
}

type Closers = ReturnType<typeof createClosers>

async function openStorage(config: Config, log: FastifyBaseLogger, closers: Closers) {
  const files = await openDataFiles(config.dataDirectory)
  const lock = await lockDataDirectory(config.dataDirectory)
  closers.add(() => lock.release())
  const server = await startEmbeddedServer({
    dataDirectory: config.dataDirectory,
    log: line => log.debug({ component: 'postgres' }, line),
  })
  closers.add(() => server.stop())
  const { database, handle, close } = await openDatabase({
    connection: { host: server.socketDirectory, port: server.port, user: server.user, database: server.database },
    poolMax: config.databasePoolMax,
    poolIdleSeconds: config.databasePoolIdleSeconds,
    // While everything stops, connections that end are no news.
    onError: error => {
      if (!closers.closing()) log.warn({ component: 'database', err: error }, 'a database connection was lost')
    },
  })
  closers.add(close)
  return { files, database, handle }
}

function openDisk(config: Config) {
  const blobs = createDiskBlobStore({ directory: path.join(config.dataDirectory, 'blobs') })
  const workspace = createDiskWorkspace({ directory: path.join(config.dataDirectory, 'work') })
  return { blobs, workspace }
}

async function start(
  config: Config,
  publicUrl: string,
  log: FastifyBaseLogger,
  overrides: Overrides,
  closers: Closers,
): Promise<Composition> {
  const { files, database, handle } = await openStorage(config, log, closers)
  const disk = openDisk(config)
  await Promise.all([
    disk.workspace.removeAbandoned(),
    // The directory is locked and nobody writes yet: every temporary file is of a process that was killed.
    disk.blobs.removeStaleTemporaryFiles(new Date()),
  ])
  const secret = config.secretKey ?? (await files.secretKey())
  const meter = createUsageMeter(database.usage, error =>
    log.warn({ component: 'usage', err: error }, 'usage was not written'),
  )
  closers.add(() => meter.close())
  const security = createSecurityLog({ store: database.securityLog, clock: systemClock, log })
  closers.add(() => security.close())
  const people = await openAccounts({
    ...{ settings: config.accounts, database, handle, security, clock: systemClock, log, secret, publicUrl },
    ...{ corsOrigins: config.corsOrigins, dataDirectory: config.dataDirectory, maxUploadBytes: config.maxUploadBytes },
  })
  const credentials = openCredentials({
    ...{ database, clock: systemClock, log, publicUrl, jwt: config.jwt },
    readJwks: overrides.readJwks ?? people.accounts.readJwks,
  })
  closers.add(() => credentials.close())
  const feed = await startEventFeed({ handle, log })
  closers.add(() => feed.stop())
  const processor = overrides.processor ?? createSharpImageProcessor(engineConfig(config, log))
  closers.add(() => processor.close())
  const stopping = new AbortController()
  let runner: Awaited<ReturnType<typeof startJobRunner>> | null = null
  const deps: Deps = {
    database,
    feed,
    blobs: meterBlobStore(disk.blobs, meter),
    uploads: createDiskUploadSigner({ publicUrl, secret }),
    cdn: createDiskCdn({ publicUrl, secret }),
    processor,
    workspace: disk.workspace,
    meter,
    ...people,
    access: config.accounts,
    credentialCache: credentials.cache,
    security,
    clock: systemClock,
    publicUrl,
    corsOrigins: config.corsOrigins,
    trustedProxies: config.trustedProxies,
    uploadUrlSeconds: config.uploadUrlSeconds,
    signedUrlSeconds: config.signedUrlSeconds,
    maxUploadBytes: config.maxUploadBytes,
    maxUploadsInFlight: config.maxUploadsInFlight,
    inFlight: createInFlight(config.maxUploadsPerProject),
    rateLimiter: openRateLimiter(config, log, closers),
    uploadUrlsPerMinute: config.uploadUrlsPerMinute,
    deliveryCacheBytes: config.deliveryCacheBytes,
    metadataCacheBytes: config.metadataCacheBytes,
    orphanGraceMs: config.orphanGraceSeconds * 1000,
    streamRecheckMs: STREAM_RECHECK_MS,
    stopping: stopping.signal,
    checkQueue: async () => {
      if (!runner?.health().ok) throw new Error('the job queue is not served')
    },
  }
  const { organizationId } = await install(
    { database, ownerKey: files.ownerKey },
    { maxUploadBytes: config.maxUploadBytes },
  )
  const app = await buildApp(deps, { logger: log, consoleDirectory, routes: overrides.routes })
  const prune = async () => {
    await pruneSessions(handle, new Date())
    return pruneEvents(handle, new Date())
  }
  runner = await startJobRunner({
    handle,
    handlers: createJobHandlers({ ...deps, pruneEvents: prune }, log),
    concurrency: config.engineProcesses + 1,
    unlockAllOnStart: true,
    log,
  })
  closers.add(() => runner?.stop() ?? Promise.resolve())
  closers.add(() => app.close())
  closers.add(async () => stopping.abort())
  // What a killed process left behind is looked after at once, not only when the next sweep is due.
  await database.jobs.enqueue('care.sweep', { requestId: newId() }, { key: 'care.sweep' })
  return {
    app,
    deps,
    issueConsoleLink: async () => {
      const token = await createSignInLink(
        { credentials: database.credentials, clock: systemClock },
        { organizationId },
      )
      const link = `${publicUrl}/#token=${token}`
      await files.writeConsoleLink(link)
      return link
    },
    close: () => closers.close(),
  }
}

/** Counts in this process, or in Redis for all of them. */
function openRateLimiter(config: Config, log: FastifyBaseLogger, closers: Closers): RateLimiter {
  const fallback = createMemoryRateLimiter({ clock: systemClock })
  if (config.redisUrl === null) return fallback
  const limiter = createRedisRateLimiter({
    url: config.redisUrl,
    fallback,
    onChange: (state, reason) =>
      state === 'away'
        ? log.warn({ component: 'redis', reason }, 'Redis is away: this process counts rate limits for itself')
        : log.info({ component: 'redis' }, 'Redis is back'),
  })
  closers.add(() => limiter.close())
  return limiter
}

const engineConfig = (config: Config, log: FastifyBaseLogger) => ({
  processes: config.engineProcesses,
  timeLimitMs: config.engineTimeLimitSeconds * 1000,
  log: ({ level, ...entry }: EngineLogEntry) => log[level]({ component: 'engine', ...entry }, 'engine'),
})
