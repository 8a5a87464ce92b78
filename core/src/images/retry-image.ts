import { authorize, notFound } from '../access/index.ts'
import type { Clock } from '../clock.ts'
import type { Context } from '../context.ts'
import type { Database, Stores } from '../database.ts'
import { enqueueProcessing } from './enqueue.ts'
import { imageConflict, invalidTransition, originalGone } from './errors.ts'
import { type Image, isVerdict } from './image.ts'
import { moveImage } from './move-image.ts'

/** Tries a failed image anew, inside the caller's transaction. Content verdicts stand: `invalid_transition`. */
export async function retryInTransaction(tx: Stores, image: Image, at: Date, requestId: string): Promise<Image> {
  if (image.status !== 'failed' || isVerdict(image.failure?.code ?? ''))
    throw invalidTransition(image.status, 'uploaded')
  if (image.originalKey === null) throw originalGone()
  const change = { failure: null, engineFailures: 0, lostAttempts: 0 }
  const moved = await moveImage(tx, image, 'uploaded', { at, detail: 'tried anew by hand', change })
  if (!moved) throw imageConflict()
  await enqueueProcessing(tx, moved, requestId)
  return moved
}

/** `POST /images/{id}/retry`: for a failed image that was no content verdict. */
export async function retryImage(
  deps: { database: Database; clock: Clock },
  ctx: Context,
  input: { imageId: string },
): Promise<Image> {
  return deps.database.transaction(async tx => {
    const image = await tx.images.find(ctx.actor.organizationId, input.imageId)
    if (!image) throw notFound()
    authorize(ctx.actor, image.projectId, 'image.write')
    return retryInTransaction(tx, image, deps.clock.now(), ctx.requestId)
  })
}
