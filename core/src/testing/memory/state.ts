import type { ApiKey, Organization, Project } from '../../access/index.ts'
import type { UsageEntry } from '../../cost/index.ts'
import type { StoredEvent } from '../../events/index.ts'
import type { Image, Original } from '../../images/index.ts'
import type { JobName } from '../../jobs/index.ts'
import type { SecurityEntry } from '../../security/index.ts'

/** A job as it waits; jobs that were given up stay, with `attempt` at `maxAttempts`. */
export interface MemoryJob {
  id: number
  name: JobName
  payload: unknown
  key: string | null
  priority: number
  runAt: Date
  firstQueuedAt: Date
  attempt: number
  maxAttempts: number
  running: boolean
  lastError: string | null
}

/** Everything a database holds. A transaction works on a copy of it. */
export interface MemoryState {
  transactions: number
  sequence: number
  organizations: Map<string, Organization>
  projects: Map<string, Project>
  /** By hash of the secret. */
  apiKeys: Map<string, ApiKey>
  signInLinks: Map<string, { organizationId: string; expiresAt: Date; spent: boolean }>
  sessions: Map<string, { id: string; organizationId: string; expiresAt: Date }>
  images: Map<string, Image>
  /** By `originalId`. */
  originals: Map<string, Original>
  jobs: MemoryJob[]
  events: StoredEvent[]
  /** By project and cause. */
  usage: Map<string, UsageEntry>
  securityLog: Map<string, SecurityEntry>
}

export const emptyState = (): MemoryState => ({
  transactions: 0,
  sequence: 0,
  organizations: new Map(),
  projects: new Map(),
  apiKeys: new Map(),
  signInLinks: new Map(),
  sessions: new Map(),
  images: new Map(),
  originals: new Map(),
  jobs: [],
  events: [],
  usage: new Map(),
  securityLog: new Map(),
})

export const originalId = (projectId: string, objectKey: string): string => `${projectId} ${objectKey}`

/** What a commit refuses, like the deferred foreign keys of the real database. */
export function checkConstraints(state: MemoryState): void {
  for (const image of state.images.values()) {
    if (!state.projects.has(image.projectId)) throw new Error(`Image ${image.id} is in no project`)
    if (image.originalKey !== null && !state.originals.has(originalId(image.projectId, image.originalKey)))
      throw new Error(`Image ${image.id} refers to the original ${image.originalKey}, which does not exist`)
  }
}

/** Gives the state to work on: what is committed, or the copy of one transaction. */
export type StateAccess = () => MemoryState
