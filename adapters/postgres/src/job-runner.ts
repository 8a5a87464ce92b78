import { setTimeout as sleep } from 'node:timers/promises'
import { JOBS, type JobHandlers, type JobName } from '@calotype/core'
import { type ParsedCronItem, parseCronItems, type Runner, run } from 'graphile-worker'
import { clientConfig, createPool } from './connection.ts'
import { createJobLogger } from './job-logger.ts'
import { createJobTasks } from './job-tasks.ts'
import { JOB_DRAIN_MS, JOB_POLL_MS, JOB_POOL_MAX, JOB_RESTART_MS } from './limits.ts'
import type { Log } from './log.ts'
import type { DatabaseHandle } from './open-database.ts'
import { createRunnerLife } from './runner-life.ts'
import { unlockAll } from './worker-heartbeat.ts'

export interface JobRunnerOptions {
  handle: Pick<DatabaseHandle, 'connection'>
  handlers: JobHandlers
  concurrency: number
  /** True where no other process can be running jobs on this database: jobs of a killed one start again at once. */
  unlockAllOnStart: boolean
  log: Log
  /** How long `stop` lets running jobs end; JOB_DRAIN_MS unless told. */
  drainMs?: number
}

export interface JobRunnerHealth {
  /** Whether jobs are being taken and the last heartbeat reached the database. */
  ok: boolean
  running: number
  lastHeartbeatAt: Date | null
}

export interface JobRunner {
  /** Takes no more jobs, lets the running ones end for at most the grace, gives the rest back. */
  stop(): Promise<void>
  health(): JobRunnerHealth
}

/** Jobs end through the batcher of the library: outside it, an end that cannot be written is a rejection that nobody handles. */
const SAFE_COMPLETION = { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } }

/** The sweep, every five minutes, one at a time however many runners there are. */
const CRON: ParsedCronItem[] = parseCronItems([
  {
    task: 'care.sweep' satisfies JobName,
    match: '*/5 * * * *',
    options: { maxAttempts: JOBS['care.sweep'].maxAttempts, jobKey: 'care.sweep', queueName: 'care' },
  },
])

/**
 * Runs jobs until stopped. A runner that its library ended (a job's result could not be written) is replaced by a new one, and what
 * it still held is given away at once.
 */
export async function startJobRunner(options: JobRunnerOptions): Promise<JobRunner> {
  const { log, handle } = options
  const onError = (error: Error) =>
    log.warn({ component: 'jobs', err: error }, 'A connection of the job runner was lost')
  const pool = createPool({ ...clientConfig(handle.connection, 'jobs'), max: JOB_POOL_MAX }, onError)
  if (options.unlockAllOnStart) {
    const ids = await unlockAll(pool)
    if (ids.length > 0)
      log.info({ component: 'jobs', runners: ids.length }, 'Jobs of runners that were killed are free again')
  }
  const life = createRunnerLife(pool, log)
  const tasks = createJobTasks(options.handlers, life.during)
  let runner = await start()
  let stopping = false
  const supervision = supervise()

  function start(): Promise<Runner> {
    return run(
      {
        pgPool: pool,
        concurrency: options.concurrency,
        noHandleSignals: true,
        pollInterval: JOB_POLL_MS,
        logger: createJobLogger(log),
        events: life.events,
        preset: SAFE_COMPLETION,
      },
      tasks,
      CRON,
    )
  }

  async function supervise(): Promise<void> {
    while (!stopping) {
      await runner.promise.catch((error: unknown) =>
        log.warn({ component: 'jobs', err: error }, 'The job runner ended'),
      )
      if (stopping) return
      await life.ended()
      await sleep(JOB_RESTART_MS)
      if (stopping) return
      runner = await start().catch((error: unknown) => {
        log.warn({ component: 'jobs', err: error }, 'The job runner could not start; it tries again')
        return runner
      })
    }
  }

  return {
    stop: async () => {
      stopping = true
      const drained = runner.stop().catch(() => {})
      await Promise.race([drained, sleep(options.drainMs ?? JOB_DRAIN_MS, undefined, { ref: false })])
      await life.close()
      await Promise.race([supervision, sleep(JOB_RESTART_MS, undefined, { ref: false })])
      await pool.end()
    },
    health: () => life.health(),
  }
}
