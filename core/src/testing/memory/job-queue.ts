import type { Clock } from '../../clock.ts'
import { JOBS, type JobHandlers, type JobName, type JobPayload, type JobQueue, type JobRun } from '../../jobs/index.ts'
import { copyOf } from './copy-of.ts'
import type { MemoryJob, StateAccess } from './state.ts'
import type { MemoryTransactions } from './transactions.ts'

/** Jobs in memory, enqueued in the transaction that makes them necessary. */
export function memoryJobQueue(state: StateAccess, clock: Clock): JobQueue {
  return {
    enqueue: async (name, payload, options = {}) => {
      const { jobs } = state()
      const key = options.key ?? null
      const waiting = key === null ? undefined : jobs.find(job => job.key === key && !job.running)
      if (waiting) jobs.splice(jobs.indexOf(waiting), 1)
      const now = clock.now()
      state().sequence += 1
      jobs.push({
        id: state().sequence,
        name,
        payload: JOBS[name].payload.parse(copyOf(payload)),
        key,
        priority: options.priority ?? 0,
        runAt: options.runAt ?? now,
        firstQueuedAt: waiting?.firstQueuedAt ?? now,
        trace: options.trace ?? null,
        attempt: 0,
        maxAttempts: JOBS[name].maxAttempts,
        running: false,
        lastError: null,
      })
    },
    find: async key => {
      const jobs = state().jobs.filter(job => job.key === key)
      // One that runs may have a successor that waits: the later one tells what is next.
      const job = jobs.at(-1)
      if (!job) return null
      const { runAt, attempt, maxAttempts } = job
      const waits = attempt < maxAttempts ? 'waiting' : 'given_up'
      return {
        state: job.running ? 'running' : waits,
        runAt,
        attempt,
        maxAttempts,
        worker: job.running ? 'memory' : null,
      }
    },
  }
}

/** What tests do with the committed jobs of a memory database. */
export interface MemoryJobs {
  /** Every job that waits, runs or was given up, oldest first. */
  list(): readonly MemoryJob[]
  /** Runs the due jobs that have a handler, and those they enqueue, one at a time; resolves with how many runs there were. */
  runDue(handlers: Partial<JobHandlers>): Promise<number>
}

export function createMemoryJobs(transactions: MemoryTransactions, clock: Clock): MemoryJobs {
  const change = (id: number, how: (job: MemoryJob, jobs: MemoryJob[]) => void) =>
    transactions.run(async draft => {
      const job = draft().jobs.find(each => each.id === id)
      if (job) how(job, draft().jobs)
    })
  const nextDue = (handlers: Partial<JobHandlers>): MemoryJob | undefined =>
    transactions
      .committed()
      .jobs.filter(job => !job.running && job.attempt < job.maxAttempts && job.runAt <= clock.now())
      .filter(job => handlers[job.name])
      .sort((left, right) => left.priority - right.priority || left.id - right.id)[0]
  async function run(job: MemoryJob, handlers: Partial<JobHandlers>): Promise<void> {
    await change(job.id, each => Object.assign(each, { running: true, attempt: job.attempt + 1 }))
    const { maxAttempts, firstQueuedAt, trace, runAt: dueAt } = job
    try {
      await handle(handlers, job.name, job.payload, {
        ...{ maxAttempts, firstQueuedAt, dueAt, trace },
        attempt: job.attempt + 1,
      })
      await change(job.id, (each, jobs) => jobs.splice(jobs.indexOf(each), 1))
    } catch (error) {
      const pauseMs = 1_000 * Math.exp(Math.min(job.attempt + 1, 10))
      const runAt = new Date(clock.now().getTime() + pauseMs)
      await change(job.id, each => Object.assign(each, { running: false, runAt, lastError: String(error) }))
    }
  }
  return {
    list: () => copyOf(transactions.committed().jobs),
    runDue: async handlers => {
      let runs = 0
      for (let job = nextDue(handlers); job; job = nextDue(handlers)) {
        await run(job, handlers)
        runs += 1
      }
      return runs
    },
  }
}

function handle<Name extends JobName>(handlers: Partial<JobHandlers>, name: Name, payload: unknown, run: JobRun) {
  const handler: JobHandlers[Name] | undefined = handlers[name]
  return handler?.(parsePayload(name, payload), run)
}

/** Parsing by a job's own schema gives that job's payload, which the compiler cannot follow through the lookup. */
const parsePayload = <Name extends JobName>(name: Name, payload: unknown): JobPayload<Name> =>
  JOBS[name].payload.parse(payload) as JobPayload<Name>
