import { mkdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { ensureCluster, ensureOwner } from './create-cluster.ts'
import { EmbeddedServerError } from './errors.ts'
import { findLauncher, type LauncherCandidate, launcherCandidates } from './launcher.ts'
import { lockEmbeddedPostgres } from './lock-data-directory.ts'
import { stopOrphan } from './orphan.ts'
import { findPostgresPackage, preparePostgresPackage } from './postgres-package.ts'
import { type Postmaster, spawnPostmaster } from './postmaster.ts'
import { openServerLog, type ServerLog } from './server-log.ts'
import { DATABASE, PORT, SUPERUSER } from './settings.ts'
import { makeSocketDirectory } from './socket-directory.ts'
import { waitUntilReady } from './wait-until-ready.ts'

/** Recovery after a power cut may take a while on a slow disk. */
const START_TIMEOUT_MS = 60_000

export interface EmbeddedServerConfig {
  dataDirectory: string
  log: (line: string) => void
  startTimeoutMs?: number
}

export interface EmbeddedServer {
  readonly socketDirectory: string
  readonly port: number
  readonly user: string
  readonly database: string
  readonly connectionString: string
  /** Resolves when PostgreSQL exits although nobody stopped it. */
  readonly exited: Promise<void>
  stop(): Promise<void>
}

/** What the machine offers. */
export interface EmbeddedServerParts {
  packageFolder: string
  launchers: readonly LauncherCandidate[]
}

type Undo = () => void | Promise<void>

export async function startEmbeddedServer(config: EmbeddedServerConfig): Promise<EmbeddedServer> {
  return startWithParts(config, { packageFolder: findPostgresPackage(), launchers: launcherCandidates() })
}

export async function startWithParts(
  config: EmbeddedServerConfig,
  parts: EmbeddedServerParts,
): Promise<EmbeddedServer> {
  const undo: Undo[] = []
  try {
    return await start(config, parts, undo)
  } catch (error) {
    await undoAll(undo)
    throw error
  }
}

async function start(config: EmbeddedServerConfig, parts: EmbeddedServerParts, undo: Undo[]): Promise<EmbeddedServer> {
  const { log } = config
  const began = performance.now()
  await mkdir(config.dataDirectory, { recursive: true, mode: 0o700 })
  const dataDirectory = await realpath(config.dataDirectory)
  const lock = await lockEmbeddedPostgres(dataDirectory)
  undo.push(() => lock.release())

  const binaries = await preparePostgresPackage(parts.packageFolder)
  const launcher = await findLauncher(parts.launchers, binaries.postgres, dataDirectory)
  const cluster = join(dataDirectory, 'postgres')
  await stopOrphan(cluster, log)
  const state = await ensureCluster(cluster, binaries.initdb, launcher)
  await ensureOwner(cluster, launcher.owner)
  const socket = await makeSocketDirectory(dataDirectory, launcher.owner)
  undo.push(socket.remove)
  const serverLog = await openServerLog(join(dataDirectory, 'postgres.log'))
  undo.push(() => serverLog.close())

  const options = { postgres: binaries.postgres, cluster, socketDirectory: socket.path, launcher }
  const postmaster = await spawnPostmaster({ ...options, logDescriptor: serverLog.descriptor })
  undo.push(() => postmaster.stop())
  await untilReady(postmaster, socket.path, serverLog, config.startTimeoutMs ?? START_TIMEOUT_MS)
  const took = Math.round(performance.now() - began)
  log(
    `PostgreSQL ${launcher.version} is ready after ${took} ms (${state} files, pid ${postmaster.pid}, ${launcher.name})`,
  )
  return running(postmaster, socket.path, serverLog, log, undo)
}

async function untilReady(postmaster: Postmaster, socket: string, log: ServerLog, limitMs: number): Promise<void> {
  const giveUp = new AbortController()
  let reason = `did not answer within ${limitMs} ms`
  const timer = setTimeout(() => giveUp.abort(), limitMs)
  postmaster.ended.then(ending => {
    reason = `ended (${ending})`
    giveUp.abort()
  })
  const ready = await waitUntilReady(socket, giveUp.signal).finally(() => clearTimeout(timer))
  if (ready) return
  const message = `PostgreSQL ${reason} while starting. Its last words:\n${await log.tail()}`
  throw new EmbeddedServerError('embedded_postgres_did_not_start', message)
}

function running(
  postmaster: Postmaster,
  socketDirectory: string,
  serverLog: ServerLog,
  log: (line: string) => void,
  undo: Undo[],
): EmbeddedServer {
  let stopping: Promise<void> | undefined
  const exited = new Promise<void>(resolve => {
    postmaster.ended.then(async ending => {
      if (stopping) return
      const tail = await serverLog.tail().catch(() => '')
      log(`PostgreSQL ended by itself (${ending}). Its last words:\n${tail}`)
      resolve()
    })
  })
  const host = encodeURIComponent(socketDirectory)
  return {
    socketDirectory,
    port: PORT,
    user: SUPERUSER,
    database: DATABASE,
    connectionString: `postgresql://${SUPERUSER}@/${DATABASE}?host=${host}&port=${PORT}&sslmode=disable`,
    exited,
    stop() {
      stopping ??= undoAll(undo)
      return stopping
    },
  }
}

/** In reverse, each even if another fails: a lock that stays because a folder could not be removed helps nobody. */
async function undoAll(undo: Undo[]): Promise<void> {
  const failures: unknown[] = []
  for (const step of undo.splice(0).reverse()) {
    try {
      await step()
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, 'Stopping the embedded PostgreSQL left something behind')
}
