import type { JobQueueHarness } from '@calotype/core/testing'
import { runOnce } from 'graphile-worker'
import { clientConfig, createPool } from '../connection.ts'
import { silentLogger } from '../job-logger.ts'
import { createJobTasks } from '../job-tasks.ts'
import { openTestDatabase } from './test-database.ts'

/** A queue that is worked off only when a test says so. */
export async function createJobHarness(): Promise<JobQueueHarness> {
  const { database, test, close } = await openTestDatabase()
  const pool = createPool({ ...clientConfig(test.connection, 'jobs'), max: 2 }, () => {})
  return {
    database,
    runDue: async handlers => {
      const tasks = createJobTasks(handlers, work => work())
      await runOnce({ pgPool: pool, logger: silentLogger, noHandleSignals: true, concurrency: 1 }, tasks)
    },
    passTime: async milliseconds => {
      await test.query(
        `update graphile_worker._private_jobs set run_at = run_at - make_interval(secs => $1) where locked_at is null`,
        [milliseconds / 1000],
      )
    },
    close: async () => {
      await pool.end()
      await close()
    },
  }
}
