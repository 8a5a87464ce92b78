import type { BlobStore } from '../blob-store.ts'
import type { Clock } from '../clock.ts'
import type { Database } from '../database.ts'
import type { CdnInvalidator } from '../delivery/index.ts'
import type { JobPayload } from '../jobs/index.ts'
import { storageUnavailable } from './errors.ts'
import { invalidatePublished } from './invalidate-published.ts'
import { announce } from './move-image.ts'

/**
 * The job `remake.retire`: the files that were replaced leave storage and, where they were public, the CDN. Their keys are never used
 * again, so that it may run twice and at any time after.
 */
export async function retireVariants(
  deps: { database: Database; blobs: BlobStore; clock: Clock; invalidator: CdnInvalidator },
  payload: JobPayload<'remake.retire'>,
): Promise<void> {
  const { projectId, objectKeys, storedBytes, cause } = payload
  const left = await deps.blobs.remove(objectKeys, { projectId, purpose: 'variant' })
  if (left.length > 0) throw storageUnavailable()
  const published = await invalidatePublished(deps.invalidator, objectKeys)
  // Of a deleted project nothing is counted any more.
  if (!(await deps.database.projects.load(projectId))) return
  await deps.database.transaction(async tx => {
    await tx.usage.record([{ projectId, cause, purpose: 'variant', storedBytes: -storedBytes }])
    await tx.remakes.forgetRetired(projectId, objectKeys)
    const image = published > 0 ? await tx.images.load(projectId, payload.imageId) : null
    // So that the memory of other processes that deliver forgets them, too.
    if (image) await announce(tx, image, deps.clock.now())
  })
}
