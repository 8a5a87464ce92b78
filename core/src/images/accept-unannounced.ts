import type { BlobStore } from '../blob-store.ts'
import type { Clock } from '../clock.ts'
import type { Database } from '../database.ts'
import { DomainError } from '../errors.ts'
import { confirmUpload } from './confirm-upload.ts'
import { originalKey } from './keys.ts'

type Deps = { database: Database; blobs: BlobStore; clock: Clock }

const UPLOADS = originalKey('')

/**
 * Uploads that are in storage although nobody said so: the client went away, and the storage's event was lost. Resolves with how many
 * were settled by this, refused ones included.
 */
export async function acceptUnannounced(deps: Deps, keys: readonly string[], requestId: string): Promise<number> {
  const located = await deps.database.images.locate(keys.map(key => key.slice(UPLOADS.length)))
  let settled = 0
  for (const { projectId, imageId, status } of located) {
    const image = status === 'pending_upload' ? await deps.database.images.load(projectId, imageId) : null
    if (image?.status !== 'pending_upload') continue
    try {
      if ((await confirmUpload(deps, image, { requestId, sha256: null, detail: 'found by the sweep' })).first) settled++
    } catch (error) {
      // A refusal settles it, too; storage or database that is away does not.
      if (!(error instanceof DomainError) || error.kind === 'storage' || error.kind === 'network') throw error
      if (error.kind !== 'conflict') settled++
    }
  }
  return settled
}
