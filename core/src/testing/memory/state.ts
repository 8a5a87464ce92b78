import type { ApiKey, Invitation, Membership, Organization, Person, Project } from '../../access/index.ts'
import type { AuditEntry, Seal } from '../../audit/index.ts'
import type { Finding, ReconcileRun } from '../../care/index.ts'
import type { UsageEntry } from '../../cost/index.ts'
import type { Gallery, GalleryEntry, Replacement, ShareLink, Slot } from '../../entities/index.ts'
import type { StoredEvent } from '../../events/index.ts'
import type { Image, Original, RemakeItem, RemakeRun, UploadChunk } from '../../images/index.ts'
import type { JobName } from '../../jobs/index.ts'
import type { PipelineMessage } from '../../pipeline/index.ts'
import type { SecurityEntry } from '../../security/index.ts'
import type { LoggedDelivery, Webhook } from '../../webhooks/index.ts'

/** A job as it waits; jobs that were given up stay, with `attempt` at `maxAttempts`. */
export interface MemoryJob {
  id: number
  name: JobName
  payload: unknown
  key: string | null
  priority: number
  runAt: Date
  firstQueuedAt: Date
  trace: string | null
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

interface Lease {
  token: string
  until: Date
}

export interface MemoryMessage extends PipelineMessage {
  /** Those that are sent again go to the end. */
  position: number
  lease: Lease | null
}

export interface MemoryDelivery extends LoggedDelivery {
  lease: Lease | null
}

export interface MemoryRemakeItem extends RemakeItem {
  projectId: string
  runId: string
  code: string | null
}

export type MemoryAuditEntry = AuditEntry & { seal: Seal | null }

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
  /** By object key. */
  uploadChunks: Map<string, UploadChunk>
  remakeRuns: Map<string, RemakeRun>
  /** By run and image. */
  remakeItems: Map<string, MemoryRemakeItem>
  /** By object key: until when it is kept. */
  retiredObjects: Map<string, { projectId: string; until: Date }>
  jobs: MemoryJob[]
  events: StoredEvent[]
  /** By project and cause. */
  usage: Map<string, UsageEntry>
  /** By scope; in the order in which they were claimed. */
  idempotencyKeys: Map<string, MemoryKey>
  securityLog: Map<string, SecurityEntry>
  slots: Map<string, Slot>
  replacements: Replacement[]
  galleries: Map<string, Gallery>
  /** By gallery, in their order. */
  galleryEntries: Map<string, GalleryEntry[]>
  shareLinks: Map<string, { link: ShareLink; tokenHash: string }>
  /** By organisation and id. */
  audit: Map<string, MemoryAuditEntry>
  reconcileRuns: Map<string, ReconcileRun>
  reconcileFindings: Array<Finding & { runId: string }>
  pipelineMessages: Map<string, MemoryMessage>
  webhooks: Map<string, Webhook>
  /** By webhook and message. */
  webhookDeliveries: Map<string, MemoryDelivery>
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
  uploadChunks: new Map(),
  remakeRuns: new Map(),
  remakeItems: new Map(),
  retiredObjects: new Map(),
  jobs: [],
  events: [],
  usage: new Map(),
  idempotencyKeys: new Map(),
  securityLog: new Map(),
  slots: new Map(),
  replacements: [],
  galleries: new Map(),
  galleryEntries: new Map(),
  shareLinks: new Map(),
  audit: new Map(),
  reconcileRuns: new Map(),
  reconcileFindings: [],
  pipelineMessages: new Map(),
  webhooks: new Map(),
  webhookDeliveries: new Map(),
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
