import type { Person } from '../../access/index.ts'
import type { BlobStore } from '../../blob-store.ts'
import type { Database } from '../../database.ts'
import type { EventFeed } from '../../events/index.ts'
import type { JobHandlers } from '../../jobs/index.ts'

/** What is made once for a suite and closed after it. */
export interface Harness {
  close(): Promise<void>
}

/**
 * A migrated database. It may be shared: the suites make organisations and projects of their own and never expect to be alone.
 */
export interface DatabaseHarness extends Harness {
  database: Database
}

export interface PeopleHarness extends DatabaseHarness {
  /** Writes a person, as the account library does. */
  addPerson(person: Person): Promise<void>
}

export interface EventFeedHarness extends DatabaseHarness {
  feed: EventFeed
}

/** Here no other runner may take jobs. */
export interface JobQueueHarness extends DatabaseHarness {
  /** Runs the jobs that are due now and have a handler, until none is left, and resolves when they have ended. */
  runDue(handlers: Partial<JobHandlers>): Promise<void>
  /** Brings every waiting job nearer by this much, as if so much time had passed. */
  passTime(milliseconds: number): Promise<void>
}

export interface BlobStoreHarness extends Harness {
  blobs: BlobStore
  /** Names of whatever unfinished writes left behind, where a store can tell. */
  leftovers?(): Promise<readonly string[]>
}
