import type { ApiKey, Invitation, Membership, Organization, Person, Project } from '../../access/index.ts'
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

export interface MemoryKey {
  principal: string
  requestHash: string
  token: string
  leaseUntil: Date
  expiresAt: Date
  result: unknown
}

/** Everything a database holds. A transaction works on a copy of it. */
export interface MemoryState {
  transactions: number
  sequence: number
  organizations: Map<string, Organization>
  /** Ids of those that the first start made, and of those that are deleted and not removed yet. */
  installedOrganizations: Set<string>
  deletedOrganizations: Set<string>
  projects: Map<string, Project>
  /** Deleted projects, removed ones included. */
  deletedProjects: Map<string, { organizationId: string; removedAt: Date | null }>
  people: Map<string, Person>
  /** By session id. */
  activeOrganizations: Map<string, string>
  /** By `membershipId`. */
  memberships: Map<string, Membership>
  /** By hash of the token. */
  invitations: Map<string, Invitation>
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
  /** By scope; in the order in which they were claimed. */
  idempotencyKeys: Map<string, MemoryKey>
  securityLog: Map<string, SecurityEntry>
}

export const emptyState = (): MemoryState => ({
  transactions: 0,
  sequence: 0,
  organizations: new Map(),
  installedOrganizations: new Set(),
  deletedOrganizations: new Set(),
  projects: new Map(),
  deletedProjects: new Map(),
  people: new Map(),
  activeOrganizations: new Map(),
  memberships: new Map(),
  invitations: new Map(),
  apiKeys: new Map(),
  signInLinks: new Map(),
  sessions: new Map(),
  images: new Map(),
  originals: new Map(),
  jobs: [],
  events: [],
  usage: new Map(),
  idempotencyKeys: new Map(),
  securityLog: new Map(),
})

export const originalId = (projectId: string, objectKey: string): string => `${projectId} ${objectKey}`

export const membershipId = (organizationId: string, userId: string): string => `${organizationId} ${userId}`

/** The project unless it is deleted. */
export const liveProject = (state: MemoryState, projectId: string): Project | null =>
  state.deletedProjects.has(projectId) ? null : (state.projects.get(projectId) ?? null)

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
