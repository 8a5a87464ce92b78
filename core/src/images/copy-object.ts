import type { BlobPurpose, BlobStore } from '../blob-store.ts'
import type { Workspace } from '../workspace.ts'

export interface CopyOrder {
  from: { key: string; projectId: string }
  to: { key: string; projectId: string }
  contentType: string
  purpose: BlobPurpose['purpose']
}

/** Copies an object by way of a local file, as every storage can. False when it is not there. */
export const copyObject = (
  deps: { blobs: BlobStore; workspace: Workspace },
  { from, to, contentType, purpose }: CopyOrder,
): Promise<boolean> =>
  deps.workspace.use(async directory => {
    const path = directory.path('copy')
    if (!(await deps.blobs.fetchToFile(from.key, path, { projectId: from.projectId, purpose }))) return false
    await deps.blobs.putFile(to.key, path, contentType, { projectId: to.projectId, purpose })
    return true
  })
