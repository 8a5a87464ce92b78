import type { SourceLimits, VariantSpec } from '../rendering/index.ts'

/** What a project decides for its images. */
export interface ProjectSettings {
  limits: SourceLimits
  minBytes: number
  maxBytes: number
  variants: readonly VariantSpec[]
  visibility: 'private' | 'public'
  /** Days for which a deleted image can be restored; then it is purged. */
  retentionDays: number
  detectionTypes: readonly string[]
}

export interface Project {
  id: string
  organizationId: string
  name: string
  settings: ProjectSettings
  createdAt: Date
}

/** Projects. A deleted one is there no longer for anybody but the job that removes what it held. */
export interface ProjectStore {
  /** The project if it belongs to the organisation. */
  find(organizationId: string, projectId: string): Promise<Project | null>
  /** The organisation's oldest project among those allowed (null: all). */
  findDefault(organizationId: string, projectIds: readonly string[] | null): Promise<Project | null>
  /** For work without a caller: jobs name the project in their payload. */
  load(projectId: string): Promise<Project | null>
  /** The same, its row held to the end of the transaction: nobody changes or deletes it, and nothing comes into it, meanwhile. */
  lock(projectId: string): Promise<Project | null>
  /** The same for any number of callers at a time: nobody changes or deletes it meanwhile, but things may come into it. */
  hold(projectId: string): Promise<Project | null>
  list(organizationId: string, projectIds: readonly string[] | null): Promise<readonly Project[]>
  /** Newest first, below the id `before`. */
  listPage(query: {
    organizationId: string
    projectIds: readonly string[] | null
    before: string | null
    limit: number
  }): Promise<readonly Project[]>
  findByName(organizationId: string, name: string): Promise<Project | null>
  findCount(organizationId: string): Promise<number>
  add(project: Project): Promise<void>
  change(projectId: string, change: { name: string; settings: ProjectSettings }): Promise<void>
  /** From here on it is there no longer, and nothing can come into it. */
  markDeleted(projectId: string, at: Date): Promise<void>
  /** Ids of the organisation's deleted projects whose bytes or rows may still be there. */
  findDeletedIds(organizationId: string): Promise<readonly string[]>
  /** A project that was deleted and is still to be removed. */
  findDeleted(projectId: string): Promise<{ organizationId: string } | null>
  /** Removes the row of a deleted project; its images and originals have to be gone already. */
  remove(projectId: string, at: Date): Promise<void>
  /** Deleted projects whose delivery has to be refused: those that are still there, and those removed since this moment. */
  findRevoked(removedSince: Date): Promise<readonly string[]>
  /** Forgets projects that were removed before this moment; resolves with how many. */
  forgetRemoved(before: Date): Promise<number>
}
