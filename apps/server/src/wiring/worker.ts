import { type ImageProcessor, type JobHandlers, newId, watchProcessor } from '@calotype/core'
import {
  announceProbe,
  type DatabaseHandle,
  type JobRunnerOptions,
  pruneEvents,
  pruneSessions,
  startJobRunner,
} from '@calotype/postgres'
import { createSharpImageProcessor, type EngineLogEntry } from '@calotype/sharp'
import type { FastifyBaseLogger } from 'fastify'
import type { Closers } from '../closers.ts'
import type { Config } from '../config.ts'
import type { Deps } from '../deps.ts'
import { vital } from '../health-parts.ts'
import { announceProbes } from '../worker/announce-probes.ts'
import { createJobHandlers } from '../worker/job-handlers.ts'
import { createStorageEventHandler } from '../worker/storage-events.ts'
import { watchJobs } from '../worker/watch-jobs.ts'
import { watchStorageEvents } from '../worker/watch-storage-events.ts'
import { openStorageEvents } from './storage.ts'

/** Running jobs may end for this long; less than the program gives itself after a signal, so that the rest is given back in order. */
const JOB_DRAIN_MS = 20_000

/** Files of other servers that one process fetches at a time. */
const IMPORTS_AT_ONCE = 8

interface Surroundings {
  handle: DatabaseHandle
  processor: ImageProcessor | undefined
  closers: Closers
  log: FastifyBaseLogger
}

export interface Work {
  /** Takes no more storage events and lets those under way end. */
  stopEvents(): Promise<void>
  /** Takes no more jobs, lets those under way end, and gives back what does not. */
  stopJobs(): Promise<void>
}

/** Jobs, their engine, and the events of the storage; adds its parts to the health of the process. */
export async function startWork(config: Config, deps: Deps, around: Surroundings): Promise<Work> {
  const { handle, closers, log } = around
  const engine = around.processor ?? createSharpImageProcessor(engineConfig(config, log))
  const processor = watchProcessor(engine, deps.telemetry)
  closers.add(() => processor.close())
  // What a killed process left behind is looked after at once, not only when the next sweep is due.
  await deps.database.jobs.enqueue('care.sweep', { requestId: newId() }, { key: 'care.sweep' })
  const prune = async () => {
    await pruneSessions(handle, new Date())
    return pruneEvents(handle, new Date())
  }
  const handlers = createJobHandlers({ ...deps, processor, pruneEvents: prune }, log)
  const runner = await startRunners(config, handlers, { handle, around: watchJobs(deps.telemetry), log })
  const source = openStorageEvents(config.cloud, log, deps.telemetry)
  source?.start(
    announceProbes(
      id => announceProbe(handle, id),
      watchStorageEvents(deps.telemetry, createStorageEventHandler(deps, log)),
    ),
  )
  deps.health.engine = vital(async () => describeEngine(processor))
  deps.health.queue = vital(async () => {
    if (!runner.isOk()) throw new Error('the job queue is not served')
  })
  if (source) deps.health.storage_events = vital(() => source.check())
  return { stopEvents: async () => source?.close(), stopJobs: () => runner.stop() }
}

/** Two runners: whatever strangers' servers keep waiting holds no place of what people wait for. */
async function startRunners(
  config: Config,
  { 'image.import': importing, ...handlers }: JobHandlers,
  shared: Pick<JobRunnerOptions, 'handle' | 'around' | 'log'>,
) {
  const start = (own: Pick<JobRunnerOptions, 'handlers' | 'concurrency' | 'unlockAllOnStart'>) =>
    startJobRunner({ ...shared, ...own, drainMs: JOB_DRAIN_MS })
  // On a database of our own nobody else can be alive; elsewhere silence tells.
  const unlockAllOnStart = config.cloud.databaseUrl === null
  const first = await start({ handlers, concurrency: config.engineProcesses + 1, unlockAllOnStart })
  const second = await start({
    ...{ handlers: { 'image.import': importing }, concurrency: IMPORTS_AT_ONCE, unlockAllOnStart: false },
  }).catch(async (error: unknown) => {
    await first.stop()
    throw error
  })
  const both = [first, second]
  return {
    isOk: () => both.every(runner => runner.health().ok),
    stop: async () => void (await Promise.all(both.map(runner => runner.stop()))),
  }
}

function describeEngine(processor: ImageProcessor): string {
  const { ok, processes, busy, queued, isolation } = processor.health()
  if (!ok) throw new Error('the engine does not work')
  return `${processes} processes, ${busy} busy, ${queued} waiting; isolated by ${isolation}`
}

const engineConfig = (config: Config, log: FastifyBaseLogger) => ({
  processes: config.engineProcesses,
  timeLimitMs: config.engineTimeLimitSeconds * 1000,
  log: ({ level, ...entry }: EngineLogEntry) => log[level]({ component: 'engine', ...entry }, 'engine'),
})
