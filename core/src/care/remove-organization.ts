import type { BlobStore } from '../blob-store.ts'
import type { Clock } from '../clock.ts'
import type { Database } from '../database.ts'
import type { JobPayload } from '../jobs/index.ts'
import { removeProject } from './remove-project.ts'

type Deps = { database: Database; blobs: BlobStore; clock: Clock }

/** The job `organization.remove`: every project of a deleted organisation with its bytes, then all of its rows. May run again at any line. */
export async function removeOrganization(deps: Deps, payload: JobPayload<'organization.remove'>): Promise<void> {
  const { organizationId, requestId } = payload
  for (const projectId of await deps.database.projects.findDeletedIds(organizationId)) {
    await removeProject(deps, { projectId, requestId })
  }
  await deps.database.organizations.remove(organizationId)
}
