import type { BlobStore } from '../blob-store.ts'
import type { CdnInvalidator } from '../delivery/index.ts'
import type { JobPayload } from '../jobs/index.ts'
import { attemptOf, variantPrefix } from './keys.ts'
import { removePrefix } from './purge-image.ts'

/**
 * The job `tombstones.withdraw`: what was public of deleted images leaves storage, then the CDN. Only what was made up to the delete goes:
 * an image that was restored meanwhile is made anew by a later attempt, in a folder of its own.
 */
export async function withdrawVariants(
  deps: { blobs: BlobStore; invalidator: CdnInvalidator },
  { projectId, images }: JobPayload<'tombstones.withdraw'>,
): Promise<void> {
  const [first] = images
  if (!first) return
  for (const { imageId, attempt } of images) {
    const prefix = variantPrefix('public', projectId, imageId)
    await removePrefix(deps, prefix, projectId, key => attemptOf(key) <= attempt)
  }
  const paths = images.map(({ imageId }) => `${variantPrefix('public', projectId, imageId)}*`)
  // The same reference for the same delete, so that a repeated job costs nothing.
  await deps.invalidator.invalidate(paths, `withdraw-${first.imageId}-${first.attempt}`)
}
