import type { JobName, JobPayload } from './jobs.ts'

/** Enqueues inside the transaction that makes the job necessary: that is the outbox. Every handler may run twice. */
export interface JobQueue {
  /** `key` makes a waiting job of the same key the same job; `runAt` delays it; `trace` (W3C Trace Context) goes along. */
  enqueue<Name extends JobName>(
    name: Name,
    payload: JobPayload<Name>,
    options?: { runAt?: Date; key?: string; priority?: number; trace?: string },
  ): Promise<void>
  /** How the job under this key stands; null when there is none. One that was given up is `given_up` until it is enqueued anew. */
  find(key: string): Promise<JobState | null>
}

export interface JobState {
  state: 'waiting' | 'running' | 'given_up'
  /** When it runs next, or was due. */
  runAt: Date
  /** Tries so far, a running one included. */
  attempt: number
  maxAttempts: number
  /** Who runs it. */
  worker: string | null
}

export interface JobRun {
  /** Tries so far, this one included. */
  attempt: number
  maxAttempts: number
  firstQueuedAt: Date
  /** When this try became due. */
  dueAt?: Date
  /** What was under way when the job was made, as W3C Trace Context; null where nothing was traced. */
  trace?: string | null
}

/** One function per job, given to the runner by the composition. A rejection means: try again after a growing pause. */
export type JobHandlers = { [Name in JobName]: (payload: JobPayload<Name>, run: JobRun) => Promise<void> }

/** A job that runs, with its payload as it came. */
export interface RunningJob {
  name: JobName
  payload: object
  run: JobRun
}

/** Runs the work of a job, and may look at it. */
export type AroundJob = (job: RunningJob, work: () => Promise<void>) => Promise<void>
