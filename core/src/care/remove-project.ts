import type { BlobStore } from '../blob-store.ts'
import type { Clock } from '../clock.ts'
import type { Database, Stores } from '../database.ts'
import { type Image, moveImage, originalKey, removeChunks, storageUnavailable, weightOf } from '../images/index.ts'
import type { JobPayload } from '../jobs/index.ts'

type Deps = { database: Database; blobs: BlobStore; clock: Clock }

/** How long delivery refuses a project that was removed: two windows of the longest life that signed URLs may have, and a day. */
export const PROJECT_TOMBSTONE_MS = 3 * 86_400_000

/** Images of one transaction, and keys of one call to storage. */
const BATCH = 100
const KEY_BATCH = 500
const EVENT_BATCH = 1_000

/**
 * The job `project.remove`: every byte of a deleted project, then its rows. Nothing new can come in; whatever is on its way finds its image
 * deleted and takes its own bytes back. Each step may run again after a kill at any line: rows go only after the bytes that they tell of.
 */
export async function removeProject(deps: Deps, payload: JobPayload<'project.remove'>): Promise<void> {
  const { projectId } = payload
  if (!(await deps.database.projects.findDeleted(projectId))) return
  await deleteImages(deps, projectId)
  await removeOriginals(deps, projectId)
  await removeImages(deps, projectId)
  for (const visibility of ['private', 'public']) await removePrefix(deps, projectId, `${visibility}/${projectId}/`)
  while ((await deps.database.events.forget(projectId, EVENT_BATCH)) > 0);
  await deps.database.projects.remove(projectId, deps.clock.now())
}

/** From here on no worker and no upload records anything, and delivery is told of each image. */
async function deleteImages({ database, clock }: Deps, projectId: string): Promise<void> {
  for (;;) {
    const images = await database.images.findSome(projectId, 'not_deleted', BATCH)
    if (images.length === 0) return
    const at = clock.now()
    await database.transaction(async tx => {
      // One that somebody else moved at the same moment comes again in the next round.
      for (const image of images) {
        await moveImage(tx, image, 'deleted', { at, detail: 'project deleted', change: { deletedAt: at } })
      }
    })
  }
}

/** Images that named one of these name nothing afterwards. */
async function removeOriginals(deps: Deps, projectId: string): Promise<void> {
  for (;;) {
    const originals = await deps.database.originals.findSome(projectId, BATCH)
    if (originals.length === 0) return
    const keys = originals.map(original => original.objectKey)
    await removeBlobs(deps, projectId, keys, 'original')
    await deps.database.transaction(async tx => {
      for (const key of keys) await tx.originals.remove(projectId, key)
      const purged = originals.map(({ objectKey, sizeBytes }) => ({
        ...{ projectId, cause: `purged:${objectKey}`, purpose: 'original', storedBytes: -sizeBytes },
      }))
      await tx.usage.record(purged)
    })
  }
}

async function removeImages(deps: Deps, projectId: string): Promise<void> {
  for (;;) {
    const images = await deps.database.images.findSome(projectId, 'all', BATCH)
    if (images.length === 0) return
    for (const image of images) await removeChunks(deps, image)
    // Bytes that came and became no original.
    await removeUnreferenced(
      deps,
      projectId,
      images.map(image => originalKey(image.id)),
      'original',
    )
    const variants = images.flatMap(image => image.variants.map(variant => variant.objectKey))
    await removeBlobs(deps, projectId, variants, 'variant')
    await deps.database.transaction(async tx => {
      await settleVariants(tx, projectId, images)
      await tx.images.remove(
        projectId,
        images.map(image => image.id),
      )
    })
  }
}

/** The same causes as where a single image is purged, so that nothing is counted twice. */
async function settleVariants(tx: Stores, projectId: string, images: readonly Image[]): Promise<void> {
  const entries = images
    .filter(image => image.variants.length > 0)
    .map(image => ({
      projectId,
      cause: `purged:variants:${image.id}`,
      purpose: 'variant',
      storedBytes: -weightOf(image.variants),
    }))
  await tx.usage.record(entries)
}

/** Whatever else lies under the prefix, e.g. of an attempt that was killed. */
async function removePrefix(deps: Deps, projectId: string, prefix: string): Promise<void> {
  let batch: string[] = []
  for await (const blob of deps.blobs.list(prefix, { projectId, purpose: 'variant' })) {
    batch.push(blob.key)
    if (batch.length < KEY_BATCH) continue
    await removeUnreferenced(deps, projectId, batch, 'variant')
    batch = []
  }
  await removeUnreferenced(deps, projectId, batch, 'variant')
}

/** An image that moved to another project left its id behind: what somebody else refers to stays. */
async function removeUnreferenced(
  deps: Deps,
  projectId: string,
  keys: readonly string[],
  purpose: 'original' | 'variant',
): Promise<void> {
  const referenced = await deps.database.images.findReferencedKeys(keys)
  const own = keys.filter(key => !referenced.has(key))
  await removeBlobs(deps, projectId, own, purpose)
}

async function removeBlobs(
  deps: Pick<Deps, 'blobs'>,
  projectId: string,
  keys: readonly string[],
  purpose: 'original' | 'variant',
): Promise<void> {
  if (keys.length === 0) return
  if ((await deps.blobs.remove(keys, { projectId, purpose })).length > 0) throw storageUnavailable()
}
