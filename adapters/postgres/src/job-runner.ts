import { type AroundJob, JOBS, type JobHandlers, type JobName } from '@calotype/core'
import { type ParsedCronItem, parseCronItems, run } from 'graphile-worker'
import { clientConfig, createPool } from './connection.ts'
import { translateError } from './errors.ts'
import { createJobLogger } from './job-logger.ts'
import { createJobTasks } from './job-tasks.ts'
import { keepRunning } from './keep-running.ts'
import { JOB_DRAIN_MS, JOB_POLL_MS, JOB_POOL_MAX } from './limits.ts'
import type { Log } from './log.ts'
import type { DatabaseHandle } from './open-database.ts'
import { createRunnerLife } from './runner-life.ts'
import { unlockAll } from './worker-heartbeat.ts'

export interface JobRunnerOptions {
  handle: Pick<DatabaseHandle, 'connection'>
  /** Only these jobs are taken; the regular care is ordered by whoever does it. */
  handlers: Partial<JobHandlers>
  concurrency: number
  /** True where no other process can be running jobs on this database: jobs of a killed one start again at once. */
  unlockAllOnStart: boolean
  log: Log
  /** Every run of a job goes through it. */
  around?: AroundJob
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

/** The regular care, each one at a time however many runners there are. */
const CRON: ParsedCronItem[] = parseCronItems([
  {
    task: 'care.sweep' satisfies JobName,
    match: '*/5 * * * *',
    options: { maxAttempts: JOBS['care.sweep'].maxAttempts, jobKey: 'care.sweep', queueName: 'care' },
  },
  {
    task: 'audit.seal' satisfies JobName,
    match: '* * * * *',
    options: { maxAttempts: JOBS['audit.seal'].maxAttempts, jobKey: 'audit.seal', queueName: 'audit' },
  },
  {
    task: 'audit.heads' satisfies JobName,
    match: '7 * * * *',
    options: { maxAttempts: JOBS['audit.heads'].maxAttempts, jobKey: 'audit.heads', queueName: 'audit' },
  },
])

/** Runs jobs until stopped. Rejects when the database is away. */
export async function startJobRunner(options: JobRunnerOptions): Promise<JobRunner> {
  const { log, handle } = options
  const onError = (err: Error) => log.warn({ component: 'jobs', err }, 'A connection of the job runner was lost')
  const pool = createPool({ ...clientConfig(handle.connection, 'jobs'), max: JOB_POOL_MAX }, onError)
  const life = createRunnerLife(pool, log)
  const tasks = createJobTasks(options.handlers, life.during, options.around)
  const start = () =>
    run(
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
      options.handlers['care.sweep'] ? CRON : [],
    )
  try {
    if (options.unlockAllOnStart) {
      const { length } = await unlockAll(pool)
      if (length > 0) log.info({ component: 'jobs', runners: length }, 'Jobs of killed runners are free again')
    }
    const running = await keepRunning(start, life, log)
    await life.beat()
    return {
      stop: async () => {
        await running.stop(options.drainMs ?? JOB_DRAIN_MS)
        await pool.end()
      },
      health: life.health,
    }
  } catch (error) {
    await life.close()
    await pool.end()
    throw translateError(error)
  }
}
