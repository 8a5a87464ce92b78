import type { JobName } from '../jobs/index.ts'

/** Jobs of one name, whoever runs them. */
export interface JobBacklog {
  job: JobName
  waiting: number
  running: number
  givenUp: number
  /** When the one that has been due the longest became due; null where none is. */
  oldestDue: Date | null
}

export interface OutgoingBacklog {
  waiting: number
  /** When the oldest was made. */
  oldest: Date | null
}

/** What waits on the database, at the moment of asking. */
export interface Backlog {
  jobs: readonly JobBacklog[]
  /** Messages to the detection pipeline. */
  messages: OutgoingBacklog
  /** Deliveries of webhooks. */
  deliveries: OutgoingBacklog
}

/** Tells what waits. Belongs to the installation, not to a project: figures only. */
export interface BacklogStore {
  find(now: Date): Promise<Backlog>
}
