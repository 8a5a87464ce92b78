import { existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import path from 'node:path'
import { createSqsProbeQueue, createSqsPublisher } from '@calotype/aws'
import { isProbeId, systemClock } from '@calotype/core'
import { checkMailServer } from '@calotype/mail'
import { type ConnectionSettings, inspectSchema, listenForProbes } from '@calotype/postgres'
import { findRunningServer, startEmbeddedServer } from '@calotype/postgres/embedded'
import { checkRedis } from '@calotype/redis'
import { describeLibraries, findIsolation } from '@calotype/sharp'
import type { Closers } from '../closers.ts'
import type { Config } from '../config.ts'
import type { DoctorParts, Maybe } from '../doctor/doctor-parts.ts'
import { findServer } from '../doctor/find-server.ts'
import { createProbes } from '../doctor/probes.ts'
import { createWeb } from '../doctor/web.ts'
import { openDoctorStorage } from './doctor-storage.ts'

/** An event of S3 takes a second or two; a queue that was asleep a little more. */
const EVENT_SECONDS = 30

const missing = (reason: string) => ({ missing: reason })

/** Everything that the doctor looks at; nothing is connected to before a check asks for it. */
export async function openDoctorParts(config: Config, signal: AbortSignal, closers: Closers): Promise<DoctorParts> {
  const web = createWeb(signal)
  const server = await findServer(config, web)
  const connect = createConnect(config, closers)
  const storage = await openDoctorStorage(config, server, closers)
  const { storage: blobs } = storage
  return {
    ...{
      shape: describeShape(config),
      clock: systemClock,
      eventSeconds: EVENT_SECONDS,
      signal,
      web,
      server: server.told,
    },
    ...storage,
    probes: createProbes('part' in blobs ? blobs.part : null),
    database:
      connect === null
        ? missing(nothingYet(config))
        : { part: { inspect: async () => inspectSchema(await connect()) } },
    events: await openEvents(config, connect, closers),
    pipeline: openPipeline(config, closers),
    redis: optional(config.redisUrl, 'rate limits are counted by each process (REDIS_URL)', url => ({
      check: () => checkRedis(url),
    })),
    mail: optional(config.accounts.smtpUrl, 'mails are put into DATA_DIR/outbox as files (SMTP_URL)', url => ({
      check: () => checkMailServer(url),
    })),
    engine: { ...describeLibraries(), isolation: findIsolation().kind },
    disk: existsSync(config.dataDirectory)
      ? { part: { directory: config.dataDirectory, freeBytes: () => freeBytes(config.dataDirectory) } }
      : missing(nothingYet(config)),
  }
}

function optional<T>(url: string | null, reason: string, open: (url: string) => T): Maybe<T> {
  return url === null ? missing(reason) : { part: open(url) }
}

const nothingYet = ({ dataDirectory }: Config): string =>
  `there is nothing in ${dataDirectory} yet: start the server once, and run doctor again`

function describeShape({ cloud, redisUrl }: Config): string {
  return [
    cloud.databaseUrl === null ? 'PostgreSQL in DATA_DIR' : 'a PostgreSQL of your own',
    cloud.s3 === null ? 'files in DATA_DIR' : `bucket ${cloud.s3.bucket}`,
    cloud.cloudFront === null ? 'delivery by the server' : `CloudFront ${cloud.cloudFront.domain}`,
    ...(redisUrl === null ? [] : ['Redis']),
  ].join(', ')
}

/** Connection settings of the database; the embedded one is found where it runs, else started for the time of the checks. */
function createConnect(config: Config, closers: Closers): (() => Promise<ConnectionSettings>) | null {
  const { databaseUrl } = config.cloud
  if (databaseUrl !== null) return async () => ({ connectionString: databaseUrl })
  if (!existsSync(path.join(config.dataDirectory, 'postgres'))) return null
  let found: Promise<ConnectionSettings> | null = null
  const start = async () => {
    const running = await findRunningServer(config.dataDirectory)
    if (running) return running
    const {
      socketDirectory: host,
      port,
      user,
      database,
      stop,
    } = await startEmbeddedServer({
      dataDirectory: config.dataDirectory,
      log: () => {},
    })
    closers.add(stop)
    return { host, port, user, database }
  }
  return () => {
    found ??= start()
    return found
  }
}

async function openEvents(
  { cloud }: Config,
  connect: (() => Promise<ConnectionSettings>) | null,
  closers: Closers,
): Promise<DoctorParts['events']> {
  const { s3, storageEvents } = cloud
  if (s3 === null) return missing('the server raises them itself when bytes arrive')
  if (storageEvents === null)
    return missing('none are configured (SQS_EVENTS_QUEUE_URL): clients call complete, and the sweep finds the rest')
  const queue = createSqsProbeQueue({ ...storageEvents, bucket: s3.bucket, isProbe: isProbeId })
  closers.add(() => queue.close())
  const heard = new Set<string>()
  // Without a database nothing is announced, and the check of the database says so.
  const listener = connect && (await listenForProbes(await connect(), id => heard.add(id)).catch(() => null))
  if (listener) closers.add(() => listener.close())
  return { part: { queue, announcements: { heard: id => heard.has(id) } } }
}

function openPipeline({ messages }: Config, closers: Closers): DoctorParts['pipeline'] {
  if (messages.pipelineQueue === null)
    return missing('messages wait to be read at GET /pipeline/messages (SQS_PIPELINE_QUEUE_URL)')
  const publisher = createSqsPublisher(messages.pipelineQueue)
  closers.add(async () => publisher.close())
  return { part: publisher }
}

async function freeBytes(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory)
  return bavail * bsize
}
