import type { Context } from '../../context.ts'
import type { Database } from '../../database.ts'
import { deleteImage } from '../delete-images.ts'
import { uploadAlreadyReceived } from '../errors.ts'
import { findProgress } from './find-progress.ts'
import { releaseChunks } from './gather-chunks.ts'

/**
 * Ends an upload on the client's wish: its image is deleted, and what came of its bytes goes at once. One that is complete is an image like
 * any other and is refused here.
 */
export async function cancelUpload(
  deps: Parameters<typeof deleteImage>[0] & { database: Database },
  ctx: Context,
  input: { imageId: string },
): Promise<void> {
  const { image } = await findProgress(deps, ctx, input)
  if (image.status !== 'pending_upload') throw uploadAlreadyReceived()
  await deleteImage(deps, ctx, input)
  await deps.database.transaction(async tx => {
    const current = await tx.images.load(image.projectId, image.id, { lock: true })
    if (current?.status === 'deleted') await releaseChunks(tx, image, ctx.requestId)
  })
}
