import type { BlobStore } from '../blob-store.ts'
import type { Database } from '../database.ts'
import type { CdnInvalidator } from '../delivery/index.ts'
import type { JobPayload } from '../jobs/index.ts'
import { storageUnavailable } from './errors.ts'
import { invalidatePublished } from './invalidate-published.ts'
import { purgeOriginal } from './purge-original.ts'

type Left = NonNullable<JobPayload<'image.purge'>['left']>

/**
 * Removes what an image left behind in the project that it moved away from. The keys of its variants are never used again; its
 * original stays as long as another image there refers to it.
 */
export async function removeLeftovers(
  deps: { database: Database; blobs: BlobStore; invalidator: CdnInvalidator },
  projectId: string,
  left: Left,
): Promise<void> {
  const kept = await deps.database.images.findReferencedKeys(left.objectKeys)
  const keys = left.objectKeys.filter(key => !kept.has(key))
  const failed = keys.length === 0 ? [] : await deps.blobs.remove(keys, { projectId, purpose: 'variant' })
  if (failed.length > 0) throw storageUnavailable()
  await invalidatePublished(deps.invalidator, keys)
  if (left.originalKey !== null) await purgeOriginal(deps, { projectId, objectKey: left.originalKey, imageId: null })
}
