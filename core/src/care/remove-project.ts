import type { BlobStore } from '../blob-store.ts'
import type { Clock } from '../clock.ts'
import type { Database, Stores } from '../database.ts'
import { type Image, moveImage, originalKey, storageUnavailable } from '../images/index.ts'
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
  await removeImages(deps, projectId)
  for (const visibility of ['private', 'public']) await removeVariants(deps, projectId, `${visibility}/${projectId}/`)
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

async function removeImages(deps: Deps, projectId: string): Promise<void> {
  const { database } = deps
  for (;;) {
    const images = await database.images.findSome(projectId, 'all', BATCH)
    if (images.length === 0) return
    const originals = new Set(images.flatMap(({ id, originalKey: key }) => [originalKey(id), ...(key ? [key] : [])]))
    await removeBlobs(deps, projectId, [...originals], 'original')
    const variants = images.flatMap(image => image.variants.map(variant => variant.objectKey))
    await removeBlobs(deps, projectId, variants, 'variant')
    await database.transaction(async tx => {
      for (const key of originals) await forgetOriginal(tx, projectId, key)
      await settleVariants(tx, projectId, images)
      await tx.images.remove(
        projectId,
        images.map(image => image.id),
      )
    })
  }
}

async function forgetOriginal(tx: Stores, projectId: string, objectKey: string): Promise<void> {
  const original = await tx.originals.lockByKey(projectId, objectKey)
  if (!original) return
  await tx.originals.remove(projectId, objectKey)
  const storedBytes = -original.sizeBytes
  await tx.usage.record([{ projectId, cause: `purged:${objectKey}`, purpose: 'original', storedBytes }])
}

/** The same causes as where a single image is purged, so that nothing is counted twice. */
async function settleVariants(tx: Stores, projectId: string, images: readonly Image[]): Promise<void> {
  const entries = images
    .filter(image => image.variants.length > 0)
    .map(image => ({
      projectId,
      cause: `purged:variants:${image.id}`,
      purpose: 'variant',
      storedBytes: -image.variants.reduce((sum, variant) => sum + variant.sizeBytes, 0),
    }))
  await tx.usage.record(entries)
}

/** Whatever else lies under the prefix, e.g. of an attempt that was killed, unless another project's image refers to it. */
async function removeVariants(deps: Deps, projectId: string, prefix: string): Promise<void> {
  let batch: string[] = []
  const flush = async () => {
    const referenced = await deps.database.images.findReferencedKeys(batch)
    const own = batch.filter(key => !referenced.has(key))
    batch = []
    await removeBlobs(deps, projectId, own, 'variant')
  }
  for await (const blob of deps.blobs.list(prefix, { projectId, purpose: 'variant' })) {
    batch.push(blob.key)
    if (batch.length >= KEY_BATCH) await flush()
  }
  await flush()
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
