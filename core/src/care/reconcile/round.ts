import type { BlobPurpose, BlobStore } from '../../blob-store.ts'
import type { Clock } from '../../clock.ts'
import type { Database } from '../../database.ts'
import type { Comparison } from './compare-streams.ts'
import type { Finding, ReconcileRun } from './reconcile-store.ts'
import type { Scope } from './scope.ts'

export type ReconcileDeps = { database: Database; blobs: BlobStore; clock: Clock }

/** A finding with what was last seen of its object. */
export interface Candidate {
  finding: Finding
  object: Comparison['object']
}

/** What every step of a run goes by. */
export interface Round {
  run: ReconcileRun
  scope: Scope
  requestId: string
}

export const careOf = (run: Pick<ReconcileRun, 'projectId'>): BlobPurpose => ({
  projectId: run.projectId ?? '',
  purpose: 'care',
})
