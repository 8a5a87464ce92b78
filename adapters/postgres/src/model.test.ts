import { createTestClock, type Ground, type QueuedJob, stories, type TestClock, tell } from '@calotype/core/testing'
import fc from 'fast-check'
import { runOnce } from 'graphile-worker'
import { afterAll, beforeAll, it } from 'vitest'
import { clientConfig, createPool } from './connection.ts'
import { silentLogger } from './job-logger.ts'
import { createJobTasks } from './job-tasks.ts'
import { openTestDatabase } from './testing/test-database.ts'

/** `npm run check` lives 300. */
const RUNS = Number(process.env.MODEL_RUNS ?? 10)
/** The same seed tells the same stories again. */
const SEED = Number(process.env.MODEL_SEED ?? 20_261_121)

interface JobRow {
  id: string
  name: string
  payload: unknown
  run_at: Date
  attempts: number
}

let opened: Awaited<ReturnType<typeof openTestDatabase>>
let pool: ReturnType<typeof createPool>

beforeAll(async () => {
  opened = await openTestDatabase()
  pool = createPool({ ...clientConfig(opened.test.connection, 'jobs'), max: 2 }, () => {})
})

afterAll(async () => {
  await pool.end()
  await opened.close()
})

/** The real database and its queue, emptied for the next story. */
async function createPostgresGround(clock: TestClock): Promise<Ground> {
  await pool.query(`truncate images, originals, graphile_worker._private_jobs cascade`)
  return {
    database: opened.database,
    jobs: async () => {
      const { rows } = await pool.query<JobRow>(
        `select j.id::text, t.identifier as name, j.payload, j.run_at, j.attempts
         from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
         where j.attempts < j.max_attempts order by j.id`,
      )
      return rows.map(
        ({ id, name, payload, run_at, attempts }): QueuedJob => ({
          ...{ order: Number(id), name, payload, due: run_at.getTime(), tries: attempts },
        }),
      )
    },
    runDue: async handlers => {
      const tasks = createJobTasks(handlers, work => work())
      while (await makeDue(clock)) {
        const { rows } = await pool.query<{ now: Date }>('select clock_timestamp() as now')
        await runOnce({ pgPool: pool, logger: silentLogger, noHandleSignals: true, concurrency: 1 }, tasks)
        await untilReported()
        await putOffFailed(clock, rows[0]?.now ?? new Date())
        if (stopped(handlers)) return
      }
    },
    // Whether a job is due is asked of the clock of the story.
    pass: async () => {},
    restart: async () => {
      await pool.query('update graphile_worker._private_jobs set locked_at = null, locked_by = null')
    },
  }
}

/** After a kill there are no handlers any more. */
const stopped = (handlers: Parameters<Ground['runDue']>[0]): boolean => handlers['image.process'] === undefined

/** Lets the queue, which asks the real clock, run what is due in the story, in the order of its making. False when there is nothing. */
async function makeDue(clock: TestClock): Promise<boolean> {
  const { rowCount } = await pool.query(
    `update graphile_worker._private_jobs set run_at = now() - interval '1 hour' + id * interval '1 microsecond'
     where run_at <= $1 and attempts < max_attempts and locked_at is null
       and task_id in (select id from graphile_worker._private_tasks where identifier = any($2))`,
    [clock.now(), LIFE_JOBS],
  )
  return (rowCount ?? 0) > 0
}

/** The clock of a story is ahead of the real one, by which the queue dates what is due at once. */
const AHEAD_MS = 600_000

const LIFE_JOBS = [
  ...['image.process', 'image.received', 'image.import', 'image.purge', 'tombstones.purge', 'tombstones.withdraw'],
  ...['slot.settle', 'remake.advance', 'image.remake', 'remake.retire'],
]

/** The queue resolves a moment before it has written down that its last job is done. */
async function untilReported(): Promise<void> {
  const locked = 'select 1 from graphile_worker._private_jobs where locked_at is not null'
  for (let round = 0; round < 1_000 && ((await pool.query(locked)).rowCount ?? 0) > 0; round++)
    await new Promise(resolve => setTimeout(resolve, 2))
}

/** The pauses of what has just failed begin in the story, not in the real world. */
async function putOffFailed(clock: TestClock, since: Date): Promise<void> {
  await pool.query(
    `update graphile_worker._private_jobs set run_at = run_at + ($1::timestamptz - now())
     where attempts > 0 and locked_at is null and updated_at >= $2 and run_at > now()`,
    [clock.now(), since],
  )
}

it(`lives ${RUNS} random lives on a real database as the model says (MODEL_SEED=${SEED})`, async () => {
  const property = fc.asyncProperty(stories({ min: 1, max: 8 }), async story => {
    const clock = createTestClock(new Date(Date.now() + AHEAD_MS))
    await tell(story, await createPostgresGround(clock), clock)
  })
  await fc.assert(property, { numRuns: RUNS, seed: SEED })
}, 600_000)
