import { byItself, noteAudit } from '../audit/index.ts'
import type { BlobStore } from '../blob-store.ts'
import type { Clock } from '../clock.ts'
import type { Database } from '../database.ts'
import type { CdnInvalidator } from '../delivery/index.ts'
import type { JobPayload } from '../jobs/index.ts'
import { originalKey, variantPrefix } from './keys.ts'
import { removePrefix, settleVariants } from './purge-image.ts'
import { purgeOriginal } from './purge-original.ts'
import { removeChunks } from './resumable/gather-chunks.ts'

type Deps = { database: Database; blobs: BlobStore; clock: Clock; invalidator: CdnInvalidator }

/** The job `tombstones.purge`. One image whose bytes would not go keeps none of the others; the job comes again for it. */
export async function purgeTombstones(deps: Deps, payload: JobPayload<'tombstones.purge'>): Promise<void> {
  const { projectId } = payload
  const failures: unknown[] = []
  for (const id of payload.imageIds) {
    await purgeTombstone(deps, { projectId, id }, payload.requestId).catch(error => failures.push(error))
  }
  if (failures.length > 0) throw failures[0]
}

/**
 * Removes every object of a deleted image whose time has come: variants of all recipes under both visibilities, the bytes at its upload
 * URL, and its original unless another image, a restorable one included, refers to the same bytes. Ends only when a listing shows that
 * nothing is left; may run twice at the same moment, and again after a kill at any line.
 */
export async function purgeTombstone(
  deps: Deps,
  image: { projectId: string; id: string },
  requestId: string,
): Promise<void> {
  const { projectId, id } = image
  const purging = await deps.database.images.startPurge(projectId, id, deps.clock.now())
  if (!purging) return
  await removePrefix(deps, variantPrefix('private', projectId, id), projectId)
  const publicPrefix = variantPrefix('public', projectId, id)
  // Those were invalidated when they were withdrawn, unless something came late.
  if ((await removePrefix(deps, publicPrefix, projectId)) > 0)
    await deps.invalidator.invalidate([`${publicPrefix}*`], `purge-${id}`)
  await settleVariants(deps, purging)
  await removeChunks(deps, purging)
  for (const objectKey of new Set([purging.originalKey ?? originalKey(id), originalKey(id)]))
    await purgeOriginal(deps, { projectId, objectKey, imageId: id })
  await deps.database.transaction(async tx => {
    if (!(await tx.images.finishPurge(projectId, id))) return
    const project = await tx.projects.load(projectId)
    // What goes with its project is told by the deletion of that.
    if (!project) return
    const detail = `Nothing is left of image ${id}: its retention was over.`
    const note = { action: 'image.purged', at: deps.clock.now(), projectId, subject: id, detail } as const
    await noteAudit(tx, byItself(project.organizationId, requestId), note)
  })
}
