import type { Context } from '../../context.ts'

export const FINDING_KINDS = ['unreferenced', 'missing_original', 'missing_variant', 'wrong_size'] as const
/** Findings of one kind that are kept for the report; all are counted. */
export const MAX_FINDINGS = 1_000

export type FindingKind = (typeof FINDING_KINDS)[number]

/** `removed`: the object is gone. `requeued`: variants are made again. `recorded`: it cannot be mended, and the images tell so now. */
export type FindingOutcome = 'found' | 'removed' | 'requeued' | 'recorded'

/** A difference between storage and records. */
export interface Finding {
  kind: FindingKind
  key: string
  projectId: string | null
  imageId: string | null
  /** What the records say, where they say anything. */
  expectedBytes: number | null
  /** What storage holds, where it holds anything. */
  actualBytes: number | null
  outcome: FindingOutcome
}

/** A row that refers to an object. */
export interface Reference {
  key: string
  projectId: string
  imageId: string | null
  role: 'original' | 'upload' | 'variant'
  /** Null while the bytes are awaited. */
  sizeBytes: number | null
  createdAt: Date
  /** Of an original whether images may refer to it, of a variant how its image stands. */
  state: 'live' | 'purging' | 'pending_upload' | 'uploaded' | 'processing' | 'ready' | 'failed' | 'deleted'
}

/** Keys after `after` (exclusive) and before `before`, in byte order. */
export interface KeyRange {
  after: string
  before: string
}

export type KindCounts = Record<FindingKind, { found: number; repaired: number }>

export interface ReconcileProgress {
  objects: number
  rows: number
  /** The last key that was compared; null before the first. */
  position: string | null
  counts: KindCounts
}

export type RunStatus = 'queued' | 'running' | 'done' | 'failed'

export interface ReconcileRun extends ReconcileProgress {
  id: string
  organizationId: string
  /** Null: all projects of the organisation. */
  projectId: string | null
  apply: boolean
  status: RunStatus
  /** Number of the try under way: only the newest may write. */
  attempt: number
  /** Nothing that was made after this moment is judged. */
  cutOff: Date
  /** How many rows there are to compare, as counted at the beginning. */
  expectedRows: number | null
  startedBy: Pick<Context['actor'], 'kind' | 'id'>
  createdAt: Date
  startedAt: Date | null
  endedAt: Date | null
  failure: string | null
}

export type NewRun = Pick<
  ReconcileRun,
  'id' | 'organizationId' | 'projectId' | 'apply' | 'cutOff' | 'startedBy' | 'createdAt'
>

export interface ReconcileStore {
  /** False when a run of the organisation is queued or running already. */
  add(run: NewRun): Promise<boolean>
  find(organizationId: string, runId: string): Promise<ReconcileRun | null>
  findActive(organizationId: string): Promise<ReconcileRun | null>
  /**
   * Begins a try and forgets what earlier ones only found; what they repaired stays in the report. Null when the run has ended or is gone.
   */
  begin(organizationId: string, runId: string, at: Date, expectedRows: number): Promise<ReconcileRun | null>
  /** Writes progress and further findings; false when another try has taken over or the run has ended. */
  save(
    run: Pick<ReconcileRun, 'organizationId' | 'id' | 'attempt'>,
    progress: ReconcileProgress,
    findings: readonly Finding[],
  ): Promise<boolean>
  /** Ends a run that has not ended yet. */
  end(organizationId: string, runId: string, at: Date, failure: string | null): Promise<void>
  /** Findings that were kept, in the order of kinds and keys. */
  listFindings(organizationId: string, runId: string): Promise<readonly Finding[]>
  /** Rows of originals, awaited uploads and variants, in byte order of the keys, whosever they are. */
  listReferences(range: KeyRange, limit: number): Promise<readonly Reference[]>
  /** The same rows, of these keys alone. */
  findReferences(keys: readonly string[]): Promise<readonly Reference[]>
  countReferences(ranges: readonly KeyRange[]): Promise<number>
  /** Which of these projects there are, those that wait for their removal included. */
  findProjects(projectIds: readonly string[]): Promise<ReadonlySet<string>>
  /** Whether the first start of this installation made the organisation. */
  findInstalled(organizationId: string): Promise<boolean>
  /** Adds a line to an image's history without moving it, unless one says the same already. */
  noteHistory(image: { projectId: string; imageId: string }, detail: string, at: Date): Promise<void>
}
