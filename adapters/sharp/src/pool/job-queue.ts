/** What the queue needs to know of a job. */
export interface Queued {
  /** It asks for more memory than usual; only one such job runs at a time. */
  large: boolean
}

/** The waiting jobs, first come first served; large ones stand aside while another large one runs. */
export interface JobQueue<T extends Queued> {
  readonly size: number
  push(job: T): void
  /** A job that had its turn already goes first next time. */
  pushFront(job: T): void
  /** The next job that may run. @param largeRunning whether a large job runs already */
  take(largeRunning: boolean): T | undefined
  /** Empties the queue. */
  drain(): T[]
}

export const createJobQueue = <T extends Queued>(): JobQueue<T> => {
  let jobs: T[] = []
  return {
    get size() {
      return jobs.length
    },
    push(job) {
      jobs.push(job)
    },
    pushFront(job) {
      jobs.unshift(job)
    },
    take(largeRunning) {
      const index = jobs.findIndex(job => !(job.large && largeRunning))
      return index < 0 ? undefined : jobs.splice(index, 1)[0]
    },
    drain() {
      const all = jobs
      jobs = []
      return all
    },
  }
}
