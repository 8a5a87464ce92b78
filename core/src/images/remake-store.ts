export const REMAKE_STATES = ['running', 'paused', 'completed', 'cancelled'] as const
export type RemakeState = (typeof REMAKE_STATES)[number]

/** One remaking of a project's variants: what it is to do and how far it came. */
export interface RemakeRun {
  id: string
  projectId: string
  state: RemakeState
  total: number
  done: number
  failed: number
  /** Images that were deleted, moved or never ready: there was nothing to remake. */
  skipped: number
  /** Why images failed, the most frequent reason first. */
  failures: ReadonlyArray<{ code: string; count: number }>
  startedAt: Date
  finishedAt: Date | null
}

export type SettledItem = 'done' | 'failed' | 'skipped'

/** One image of a run: `waiting` until it has a job, `working` while an attempt may be writing its files. */
export interface RemakeItem {
  imageId: string
  state: 'waiting' | 'queued' | 'working' | SettledItem
  /** Attempts that ended with their whole process. */
  losses: number
}

export type ItemKey = { projectId: string; runId: string; imageId: string }

/** Runs by project; whoever changes one holds its row, so that its figures are exact. */
export interface RemakeStore {
  /** A run over these images, or over all of the project that are or become ready. One that is under way rejects with `conflict`. */
  start(run: Pick<RemakeRun, 'id' | 'projectId'>, imageIds: readonly string[] | null, at: Date): Promise<RemakeRun>
  /** For callers: the run, if its project belongs to the organisation and is not deleted. */
  find(organizationId: string, runId: string): Promise<RemakeRun | null>
  findActive(projectId: string): Promise<RemakeRun | null>
  /** Holds the run to the end of the transaction. */
  lock(projectId: string, runId: string): Promise<RemakeRun | null>
  setState(projectId: string, runId: string, state: RemakeState, finishedAt: Date | null): Promise<void>
  /** Makes waiting items `queued` and answers their images, in order of id. */
  takeWaiting(projectId: string, runId: string, limit: number): Promise<readonly string[]>
  loadItem(key: ItemKey): Promise<RemakeItem | null>
  /** Changes an item that is not settled. */
  setItem(
    key: ItemKey,
    item: Pick<RemakeItem, 'state' | 'losses'> & { state: 'waiting' | 'queued' | 'working' },
  ): Promise<void>
  /** Settles an item and counts it; false when it was settled before. */
  settleItem(key: ItemKey, state: SettledItem, code: string | null): Promise<boolean>
  /** How many items have a job, and whether some wait for one. */
  loadOpen(projectId: string, runId: string): Promise<{ queued: number; waiting: boolean }>
  /** Whether variants of the project lie where the CDN asks for no signature. */
  hasPublicFiles(projectId: string): Promise<boolean>
  /** Runs that are to go on, for the sweep. */
  findRunning(limit: number): Promise<ReadonlyArray<{ projectId: string; id: string }>>
  /** Items that should have a job. */
  findQueued(projectId: string, runId: string, limit: number): Promise<readonly string[]>
  /** A line in the history of a ready image that says what was done. */
  noteRemade(projectId: string, imageId: string, at: Date, detail: string): Promise<void>
  /** Objects that nothing refers to any more, but URLs that were signed before do: kept until then. */
  retire(projectId: string, objectKeys: readonly string[], until: Date): Promise<void>
  forgetRetired(projectId: string, objectKeys: readonly string[]): Promise<void>
}
