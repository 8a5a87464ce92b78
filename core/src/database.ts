import type { CredentialStore, InstallationStore, ProjectStore } from './access/index.ts'
import type { UsageStore } from './cost/index.ts'
import type { EventStore } from './events/index.ts'
import type { ImageStore, OriginalStore } from './images/index.ts'
import type { JobQueue } from './jobs/index.ts'

/** Every store, either on the pool (reads, single statements) or bound to one transaction. */
export interface Stores {
  images: ImageStore
  originals: OriginalStore
  projects: ProjectStore
  credentials: CredentialStore
  installation: InstallationStore
  jobs: JobQueue
  events: EventStore
  usage: UsageStore
}

export interface Database extends Stores {
  /**
   * Runs `work` in one transaction: all of it or nothing. Inside, only `tx` may be used (using the outer stores is an
   * error at once, because it could wait for the pool for ever), and no network or file I/O.
   */
  transaction<T>(work: (tx: Stores) => Promise<T>): Promise<T>
  /** Resolves when the database answers; rejects otherwise. */
  check(): Promise<void>
}
