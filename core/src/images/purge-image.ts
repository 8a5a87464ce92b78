import type { BlobStore } from '../blob-store.ts'
import type { Database } from '../database.ts'
import type { JobPayload } from '../jobs/index.ts'
import { storageUnavailable } from './errors.ts'
import { type Image, isVerdict } from './image.ts'
import { originalKey, variantPrefix } from './keys.ts'

type Deps = { database: Database; blobs: BlobStore }

/** Objects are removed in batches of this many keys. */
const REMOVE_BATCH = 500

/** Deleted, refused by a verdict, or given up before its bytes came: what comes late is removed, too. */
const wantsNoBytes = ({ status, failure }: Image): boolean =>
  status === 'deleted' ||
  (status === 'failed' && failure !== null && (isVerdict(failure.code) || failure.code === 'upload_expired'))

/**
 * Removes every object of a deleted or refused image: variants of all recipes, and the original unless another image refers to the
 * same bytes. Each step may run again after a kill at any line.
 */
export async function purgeImage(deps: Deps, payload: JobPayload<'image.purge'>): Promise<void> {
  const image = await deps.database.images.load(payload.projectId, payload.imageId)
  if (!image || !wantsNoBytes(image)) return
  for (const visibility of ['private', 'public'] as const) {
    await removePrefix(deps, variantPrefix(visibility, image.projectId, image.id), image.projectId)
  }
  await settleVariants(deps, image)
  await purgeOriginal(deps, image)
}

/** What the variants weighed is no longer kept; counted once, however often the job runs. */
async function settleVariants(deps: Deps, { projectId, id, variants }: Image): Promise<void> {
  if (variants.length === 0) return
  const storedBytes = -variants.reduce((sum, variant) => sum + variant.sizeBytes, 0)
  await deps.database.usage.record([{ projectId, cause: `purged:variants:${id}`, purpose: 'variant', storedBytes }])
}

/** Removes every object under a prefix. Rejects with `storage_unavailable` when some would not go, so that the job comes again. */
export async function removePrefix(deps: Pick<Deps, 'blobs'>, prefix: string, projectId: string): Promise<void> {
  let batch: string[] = []
  const by = { projectId, purpose: 'variant' as const }
  const flush = async () => {
    if ((await deps.blobs.remove(batch, by)).length > 0) throw storageUnavailable()
    batch = []
  }
  for await (const blob of deps.blobs.list(prefix, by)) {
    batch.push(blob.key)
    if (batch.length >= REMOVE_BATCH) await flush()
  }
  if (batch.length > 0) await flush()
}

async function purgeOriginal(deps: Deps, image: Image): Promise<void> {
  const { projectId } = image
  const objectKey = image.originalKey ?? originalKey(image.id)
  const fate = await deps.database.transaction(async tx => {
    const original = await tx.originals.lockByKey(projectId, objectKey)
    // Bytes that no original was made of: a pending upload's, or one whose own key was spare. A foreign key is never touched here.
    if (!original) return objectKey === originalKey(image.id) ? 'unregistered' : 'gone'
    const others = await tx.images.findByOriginal(projectId, objectKey)
    if (others.some(other => other.id !== image.id && !wantsNoBytes(other))) return 'shared'
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
