import type { BlobStore } from '../blob-store.ts'
import type { Database } from '../database.ts'
import type { CdnInvalidator } from '../delivery/index.ts'
import type { JobPayload } from '../jobs/index.ts'
import { storageUnavailable } from './errors.ts'
import { type Image, weightOf } from './image.ts'
import { originalKey, variantPrefix } from './keys.ts'
import { purgeOriginal } from './purge-original.ts'
import { removeLeftovers } from './remove-leftovers.ts'
import { wantsNoBytes } from './retention.ts'

type Deps = { database: Database; blobs: BlobStore; invalidator: CdnInvalidator }

/** Objects are removed in batches of this many keys. */
const REMOVE_BATCH = 500
/** Something may be written this often while a prefix is being emptied before the job comes again later. */
const MAX_ROUNDS = 5

/**
 * Removes every object of a refused image: variants of all recipes, and the original unless another image refers to the same bytes; or
 * what a moved one left behind. Each step may run again after a kill at any line.
 */
export async function purgeImage(deps: Deps, payload: JobPayload<'image.purge'>): Promise<void> {
  if (payload.left) return removeLeftovers(deps, payload.projectId, payload.left)
  const image = await deps.database.images.load(payload.projectId, payload.imageId)
  if (!image || !wantsNoBytes(image)) return
  for (const visibility of ['private', 'public'] as const) {
    await removePrefix(deps, variantPrefix(visibility, image.projectId, image.id), image.projectId)
  }
  await settleVariants(deps, image)
  const objectKey = image.originalKey ?? originalKey(image.id)
  await purgeOriginal(deps, { projectId: image.projectId, objectKey, imageId: image.id })
}

/** What the variants weighed is no longer kept; counted once, however often the job runs. */
export async function settleVariants(deps: Pick<Deps, 'database'>, { projectId, id, variants }: Image): Promise<void> {
  if (variants.length === 0) return
  const storedBytes = -weightOf(variants)
  await deps.database.usage.record([{ projectId, cause: `purged:variants:${id}`, purpose: 'variant', storedBytes }])
}

/**
 * Removes the wanted objects under a prefix, and looks again until a listing shows none. Resolves with how many there were. Rejects with
 * `storage_unavailable` when some would not go, so that the job comes again.
 */
export async function removePrefix(
  deps: Pick<Deps, 'blobs'>,
  prefix: string,
  projectId: string,
  isWanted: (key: string) => boolean = () => true,
): Promise<number> {
  let removed = 0
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const found = await removeListed(deps, prefix, projectId, isWanted)
    if (found === 0) return removed
    removed += found
  }
  throw storageUnavailable(new Error(`Objects under ${prefix} kept appearing`))
}

async function removeListed(
  deps: Pick<Deps, 'blobs'>,
  prefix: string,
  projectId: string,
  isWanted: (key: string) => boolean,
): Promise<number> {
  let found = 0
  let batch: string[] = []
  const by = { projectId, purpose: 'variant' as const }
  const flush = async () => {
    if ((await deps.blobs.remove(batch, by)).length > 0) throw storageUnavailable()
    batch = []
  }
  for await (const blob of deps.blobs.list(prefix, by)) {
    if (!isWanted(blob.key)) continue
    found++
    batch.push(blob.key)
    if (batch.length >= REMOVE_BATCH) await flush()
  }
  if (batch.length > 0) await flush()
  return found
}
