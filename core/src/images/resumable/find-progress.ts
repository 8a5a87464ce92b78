import { authorize, notFound } from '../../access/index.ts'
import type { Clock } from '../../clock.ts'
import type { Context } from '../../context.ts'
import type { Database } from '../../database.ts'
import { uploadExpired, uploadRefused } from '../errors.ts'
import type { Image } from '../image.ts'

/** How far an upload is, in bytes. */
export interface UploadProgress {
  image: Image
  offset: number
  length: number
}

/**
 * For whoever may write to the project: how far a resumable upload is. An image whose bytes have been accepted is all there, however they
 * came. Rejects with `not_found`, `upload_expired`, or what the bytes were refused for.
 */
export async function findProgress(
  deps: { database: Database; clock: Clock },
  ctx: Context,
  input: { imageId: string },
): Promise<UploadProgress> {
  const image = await deps.database.images.find(ctx.actor.organizationId, input.imageId)
  if (!image) throw notFound()
  authorize(ctx.actor, image.projectId, 'image.write')
  const { status, failure, uploadExpiresAt } = image
  if (status === 'failed' && failure && failure.code !== 'upload_expired') throw uploadRefused(failure)
  if (status === 'failed' || status === 'deleted') throw uploadExpired()
  const length = image.declaredSize ?? image.sizeBytes
  if (length === null) throw notFound()
  if (status !== 'pending_upload') return { image, offset: length, length }
  if (image.origin !== 'upload') throw notFound()
  const { sizeBytes: offset } = await deps.database.uploadChunks.findProgress(image.projectId, image.id)
  // What is all there waits for nobody but us.
  if (offset < length && uploadExpiresAt !== null && uploadExpiresAt <= deps.clock.now()) throw uploadExpired()
  return { image, offset, length }
}
