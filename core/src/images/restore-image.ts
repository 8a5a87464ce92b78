import { notFound } from '../access/index.ts'
import { type Doer, noteAudit } from '../audit/index.ts'
import type { Clock } from '../clock.ts'
import type { Context } from '../context.ts'
import type { Database, Stores } from '../database.ts'
import { authorizeDelete, noteOf } from './delete-images.ts'
import { enqueueProcessing } from './enqueue.ts'
import { imageConflict, invalidTransition } from './errors.ts'
import type { Image } from './image.ts'
import { moveImage } from './move-image.ts'
import { isRestorable, restoredStatus } from './retention.ts'

/**
 * Restores a deleted image inside the caller's transaction, and tells the audit log. Null when it is being purged, or is not deleted any more. Rejects with
 * `original_gone` when there is nothing left to make its variants of.
 */
export async function restoreInTransaction(
  tx: Stores,
  image: Pick<Image, 'id' | 'projectId'>,
  by: Doer & { at: Date; detail: string },
): Promise<Image | null> {
  const current = await tx.images.load(image.projectId, image.id, { lock: true })
  if (!current || !isRestorable(current) || current.formerStatus === null) return null
  const to = restoredStatus({ ...current, formerStatus: current.formerStatus })
  const change = { deletedAt: null, purgeAt: null, formerStatus: null, lostAttempts: 0 }
  const restored = await moveImage(tx, current, to, { at: by.at, detail: by.detail, change })
  if (restored?.status === 'uploaded') await enqueueProcessing(tx, restored, by.requestId)
  if (restored) await noteAudit(tx, by, noteOf('image.restored', restored, by.at))
  return restored
}

/** `POST /images/{id}/restore`: by those who may delete it, until it is purged; from then on `not_found`. */
export async function restoreImage(
  deps: { database: Database; clock: Clock },
  ctx: Context,
  input: { imageId: string },
): Promise<Image> {
  return deps.database.transaction(async tx => {
    const image = await tx.images.find(ctx.actor.organizationId, input.imageId)
    if (!image) throw notFound()
    authorizeDelete(ctx.actor, image)
    if (image.status !== 'deleted') throw invalidTransition(image.status, 'restored')
    const restored = await restoreInTransaction(tx, image, { ...ctx, at: deps.clock.now(), detail: 'restored' })
    if (restored) return restored
    // Somebody was faster: whoever purges it, or whoever restored it.
    if (await tx.images.find(ctx.actor.organizationId, input.imageId)) throw imageConflict()
    throw notFound()
  })
}
