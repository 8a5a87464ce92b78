import { authorize, notFound } from '../access/index.ts'
import type { BlobStore } from '../blob-store.ts'
import type { Clock } from '../clock.ts'
import type { Context } from '../context.ts'
import type { Database } from '../database.ts'
import type { JobPayload } from '../jobs/index.ts'
import { confirmUpload } from './confirm-upload.ts'
import { checksumMismatch, invalidTransition, uploadExpired } from './errors.ts'
import type { Image } from './image.ts'

type Deps = { database: Database; blobs: BlobStore; clock: Clock }

/** The client says that its bytes are there. `first` is true for its first call, whether or not the storage's event was faster. */
export async function completeUpload(
  deps: Deps,
  ctx: Context,
  input: { imageId: string; sha256: string | null },
): Promise<{ image: Image; first: boolean }> {
  const image = await deps.database.images.find(ctx.actor.organizationId, input.imageId)
  if (!image) throw notFound()
  authorize(ctx.actor, image.projectId, 'image.write')
  if (image.status === 'deleted') throw invalidTransition('deleted', 'uploaded')
  if (image.status === 'pending_upload') {
    const by = { requestId: ctx.requestId, sha256: input.sha256, detail: 'completed by the client' }
    const settled = await confirmUpload(deps, image, by)
    return { image: await confirmByClient(deps, settled), first: true }
  }
  if (image.failure?.code === 'upload_expired') throw uploadExpired()
  if (input.sha256 !== null && image.sha256 !== null && input.sha256 !== image.sha256) throw checksumMismatch()
  if (image.confirmedAt !== null || image.uploadExpiresAt === null) return { image, first: false }
  return { image: await confirmByClient(deps, image), first: true }
}

async function confirmByClient(deps: Deps, image: Image): Promise<Image> {
  const confirmedAt = deps.clock.now()
  await deps.database.images.update(
    { projectId: image.projectId, imageId: image.id, status: image.status },
    { confirmedAt },
  )
  return { ...image, confirmedAt }
}

/** Our own storage event, a moment after the bytes arrived; the client's `complete` has usually been there first. */
export async function handleReceived(deps: Deps, payload: JobPayload<'image.received'>): Promise<void> {
  const image = await deps.database.images.load(payload.projectId, payload.imageId)
  if (image?.status !== 'pending_upload') return
  await confirmUpload(deps, image, { requestId: payload.requestId, sha256: null, detail: 'found by the storage event' })
}
