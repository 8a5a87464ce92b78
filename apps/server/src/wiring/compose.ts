import { consoleDirectory } from '@calotype/console'
import {
  createInFlight,
  createSignInLink,
  type Database,
  type ImageProcessor,
  meterBlobStore,
  systemClock,
  type Telemetry,
  watchBacklog,
  watchBlobStore,
  watchDatabase,
  watchMeter,
} from '@calotype/core'
import { type DatabaseHandle, startEventFeed } from '@calotype/postgres'
import type { FastifyBaseLogger } from 'fastify'
import { type Closers, createClosers } from '../closers.ts'
import type { Config } from '../config.ts'
import type { Deps, Exposition } from '../deps.ts'
import { type Part, vital } from '../health-parts.ts'
import type { App } from '../http/app.ts'
import { buildApp } from '../http/build-app.ts'
import { buildHealthApp } from '../http/build-health-app.ts'
import { createSecurityLog } from '../security-log.ts'
import { createShareViews } from '../share-views.ts'
import { createUsageMeter } from '../usage-meter.ts'
import { openAccounts } from './accounts.ts'
import { openCredentials } from './credentials.ts'
import { holdDataDirectory, openPostgres } from './database.ts'
import { openRemoteFiles } from './imports.ts'
import { openInstallation } from './installation.ts'
import { openMessages } from './messages.ts'
import { openShared } from './redis.ts'
import { openStorage } from './storage.ts'
import { openTelemetry } from './telemetry.ts'
import { startWork, type Work } from './worker.ts'

/** Half of what a revoked credential or membership is given. */
const STREAM_RECHECK_MS = 30_000

export interface Composition {
  app: App
  deps: Deps
  /** Makes a new one-time sign-in link for the console and keeps it in the data directory, where there is one. */
  issueConsoleLink(): Promise<string>
  /** Refuses new work, lets running work and requests end, then stops the engine and the database, in that order. */
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

async function start(
  config: Config,
  publicUrl: string,
  log: FastifyBaseLogger,
  overrides: Overrides,
  closers: Closers,
): Promise<Composition> {
  const files = await holdDataDirectory(config, closers)
  const { telemetry, exposition } = await openTelemetry(config.telemetry, closers)
  const { database: plain, handle, replica } = await openPostgres(config, log, closers)
  const database = watchDatabase(plain, telemetry)
  watchBacklog(plain.backlog, systemClock, telemetry.meters)
  const { organizationId } = await openInstallation(config, database, files)
  const secret = config.secretKey ?? (await files.secretKey())
  const stopping = new AbortController()
  const opened: Opened = {
    ...{ config, database, handle, replica, publicUrl, log, secret, closers, telemetry, exposition },
    stopping: stopping.signal,
  }
  const deps = await openDeps(opened, overrides)
  const app = config.cloud.servesApi
    ? await buildApp(deps, { logger: log, consoleDirectory, routes: overrides.routes })
    : await buildHealthApp(deps, log)
  closers.add(() => app.close())
  const work = config.cloud.servesJobs
    ? await startWork(config, deps, { handle, closers, log, processor: overrides.processor })
    : null
  closers.add(() => stopWork(stopping, work, app))
  return {
    app,
    deps,
    issueConsoleLink: async () => {
      const { credentials } = database
      const link = `${publicUrl}/#token=${await createSignInLink({ credentials, clock: systemClock }, { organizationId })}`
      await files.writeConsoleLink(link)
      return link
    },
    close: () => closers.close(),
  }
}

interface Opened {
  config: Config
  database: Database
  handle: DatabaseHandle
  replica: Part | null
  publicUrl: string
  log: FastifyBaseLogger
  secret: string
  closers: Closers
  telemetry: Telemetry
  exposition: Exposition | null
  stopping: AbortSignal
}

async function openDeps(opened: Opened, overrides: Overrides): Promise<Deps> {
  const { config, database, handle, replica, publicUrl, log, secret, closers, stopping, telemetry, exposition } = opened
  const usage = createUsageMeter(database.usage, error =>
    log.warn({ component: 'usage', err: error }, 'usage was not written'),
  )
  closers.add(() => usage.close())
  const meter = watchMeter(usage, telemetry.meters)
  const storage = await openStorage(config, { publicUrl, secret }, log, closers)
  const security = createSecurityLog({ store: database.securityLog, clock: systemClock, log })
  closers.add(() => security.close())
  const shareViews = createShareViews({
    ...{ shareLinks: database.shareLinks, clock: systemClock },
    onError: error => log.warn({ component: 'sharing', err: error }, 'views were not written'),
  })
  closers.add(() => shareViews.close())
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
  const messages = await openMessages({
    ...{ settings: config.messages, database, feed, clock: systemClock, log, secret, telemetry },
    sends: config.cloud.servesJobs,
  })
  closers.add(() => messages.close())
  const { rateLimiter, sharedCache, cache } = openShared(config, log, closers)
  const blobs = meterBlobStore(watchBlobStore(storage.blobs, telemetry), meter)
  const health = {
    database: vital(() => database.check()),
    ...(replica ? { replica } : {}),
    storage: vital(() => blobs.check()),
    events: vital(async () => {
      if (!feed.connected()) throw new Error('the events of the database are not heard')
    }),
    ...(cache ? { cache } : {}),
  }
  return {
    ...settingsOf(config),
    ...{ database, feed, meter, security, rateLimiter, sharedCache, publicUrl, stopping, health, clock: systemClock },
    ...{ telemetry, exposition },
    ...people,
    shareViews,
    ...messages.parts,
    ...storage,
    blobs,
    credentialCache: credentials.cache,
  }
}

/** What the configuration says to routes and jobs. */
const settingsOf = (config: Config) => ({
  access: config.accounts,
  corsOrigins: config.corsOrigins,
  trustedProxies: config.trustedProxies,
  uploadUrlSeconds: config.uploadUrlSeconds,
  signedUrlSeconds: config.signedUrlSeconds,
  maxUploadBytes: config.maxUploadBytes,
  maxUploadsInFlight: config.maxUploadsInFlight,
  remoteFiles: openRemoteFiles(config.imports),
  inFlight: createInFlight(config.maxUploadsPerProject),
  uploadUrlsPerMinute: config.uploadUrlsPerMinute,
  deliveryCacheBytes: config.deliveryCacheBytes,
  metadataCacheBytes: config.metadataCacheBytes,
  orphanGraceMs: config.orphanGraceSeconds * 1000,
  streamRecheckMs: STREAM_RECHECK_MS,
})

/** Storage events first, for they make jobs; then jobs and requests together, because a request may wait for a job. */
async function stopWork(stopping: AbortController, work: Work | null, app: App): Promise<void> {
  stopping.abort()
  const steps = [
    (async () => {
      await work?.stopEvents()
      await work?.stopJobs()
    })(),
    app.close(),
  ]
  const failures = (await Promise.allSettled(steps)).flatMap(step => (step.status === 'rejected' ? [step.reason] : []))
  if (failures.length > 0) throw new AggregateError(failures, 'Not all work could be stopped')
}
