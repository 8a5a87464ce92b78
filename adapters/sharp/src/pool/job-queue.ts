/** What the queue needs to know of a job. */
export interface Queued {
  /** It asks for more memory than usual; only one such job runs at a time. */
  large: boolean
  /** Size of the original. */
  sourceBytes: number
  /** When it first came, in milliseconds of a monotonic clock. */
  arrivedAt: number
}

/** The waiting jobs, small ones first. Large ones stand aside while another large one runs. */
export interface JobQueue<T extends Queued> {
  readonly size: number
  push(job: T): void
  /** The next job that may run. @param largeRunning whether a large job runs already */
  take(largeRunning: boolean): T | undefined
  /** Empties the queue. */
  drain(): T[]
}

const HANDICAP_MS_PER_BYTE = 100 / 1024 ** 2
const MOST_HANDICAP_MS = 2_000
const LARGE_HANDICAP_MS = 4_000

/**
 * When a job is due. Small files overtake big ones that came less than a few seconds before them, never those that have
 * waited longer: nobody is overtaken for ever.
 */
const dueAt = ({ large, sourceBytes, arrivedAt }: Queued): number =>
  arrivedAt + (large ? LARGE_HANDICAP_MS : Math.min(MOST_HANDICAP_MS, sourceBytes * HANDICAP_MS_PER_BYTE))

export const createJobQueue = <T extends Queued>(): JobQueue<T> => {
  const jobs = new Set<T>()
  return {
    get size() {
      return jobs.size
    },
    push(job) {
      jobs.add(job)
    },
    take(largeRunning) {
      let next: T | undefined
      for (const job of jobs) {
        if (job.large && largeRunning) continue
        if (next === undefined || dueAt(job) < dueAt(next)) next = job
      }
      if (next !== undefined) jobs.delete(next)
      return next
    },
    drain() {
      const all = [...jobs]
      jobs.clear()
      return all
    },
  }
}
