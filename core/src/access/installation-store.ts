import type { ProjectSettings } from './project.ts'

/** What the first start makes: an organisation, its `default` project and the owner's key. */
export interface InstallationStore {
  /** Takes the lock that makes concurrent first starts one (held to the end of the transaction). */
  lock(): Promise<void>
  findFirstOrganization(): Promise<{ id: string } | null>
  addOrganization(organization: { id: string; name: string }): Promise<void>
  addProject(project: { id: string; organizationId: string; name: string; settings: ProjectSettings }): Promise<void>
  addApiKey(key: { id: string; organizationId: string; name: string; role: 'owner'; keyHash: string }): Promise<void>
}
