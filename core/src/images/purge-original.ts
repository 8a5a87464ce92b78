import type { BlobStore } from '../blob-store.ts'
import type { Database } from '../database.ts'
import { storageUnavailable } from './errors.ts'
import { originalKey } from './keys.ts'
import { wantsNoBytes } from './retention.ts'

type Deps = { database: Database; blobs: BlobStore }

/**
 * Removes an original that no image of the project wants any more; `imageId` is the one that gives it up, null when it has left the
 * project. Rejects with `storage_unavailable` when the bytes would not go.
 */
export async function purgeOriginal(
  deps: Deps,
  { projectId, objectKey, imageId }: { projectId: string; objectKey: string; imageId: string | null },
): Promise<void> {
  const fate = await deps.database.transaction(async tx => {
    const original = await tx.originals.lockByKey(projectId, objectKey)
    // Bytes that no original was made of: a pending upload's, or one whose own key was spare. A foreign key is never touched here.
    // One that moved here left its first key behind, where other images may still refer to it.
    if (!original) {
      const own = imageId !== null && objectKey === originalKey(imageId)
      return own && !(await tx.images.findReferencedKeys([objectKey])).has(objectKey) ? 'unregistered' : 'gone'
    }
    const others = await tx.images.findByOriginal(projectId, objectKey)
    if (others.some(other => other.id !== imageId && !wantsNoBytes(other))) return 'shared'
    await tx.originals.markPurging(projectId, objectKey)
    return 'purging'
  })
  if (fate === 'shared' || fate === 'gone') return
  const failed = await deps.blobs.remove([objectKey], { projectId, purpose: 'original' })
  if (failed.length > 0) throw storageUnavailable()
  if (fate === 'unregistered') return
  await deps.database.transaction(async tx => {
    const original = await tx.originals.lockByKey(projectId, objectKey)
    if (!original) return
    await tx.originals.remove(projectId, objectKey)
    const cause = `purged:${objectKey}`
    await tx.usage.record([{ projectId, cause, purpose: 'original', storedBytes: -original.sizeBytes }])
  })
}
