import type { SourceLimits, VariantSpec } from '../rendering/index.ts'

/** What a project decides for its images. */
export interface ProjectSettings {
  limits: SourceLimits
  minBytes: number
  maxBytes: number
  variants: readonly VariantSpec[]
  visibility: 'private' | 'public'
  /** Days that a deleted image's record stays. */
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

export interface ProjectStore {
  /** The project if it belongs to the organisation. */
  find(organizationId: string, projectId: string): Promise<Project | null>
  /** The organisation's oldest project among those allowed (null: all). */
  findDefault(organizationId: string, projectIds: readonly string[] | null): Promise<Project | null>
  /** For work without a caller: jobs name the project in their payload. */
  load(projectId: string): Promise<Project | null>
  list(organizationId: string, projectIds: readonly string[] | null): Promise<readonly Project[]>
}
