import type { JobName, JobPayload } from './jobs.ts'

/** Enqueues inside the transaction that makes the job necessary: that is the outbox. Every handler may run twice. */
export interface JobQueue {
  /** `key` makes a waiting job of the same key the same job; `runAt` delays it. */
  enqueue<Name extends JobName>(
    name: Name,
    payload: JobPayload<Name>,
    options?: { runAt?: Date; key?: string; priority?: number },
  ): Promise<void>
}

export interface JobRun {
  /** Tries so far, this one included. */
  attempt: number
  maxAttempts: number
  firstQueuedAt: Date
}

/** One function per job, given to the runner by the composition. A rejection means: try again after a growing pause. */
export type JobHandlers = { [Name in JobName]: (payload: JobPayload<Name>, run: JobRun) => Promise<void> }
