import { authorize, notFound } from '../access/index.ts'
import type { BlobStore } from '../blob-store.ts'
import type { Clock } from '../clock.ts'
import type { Context } from '../context.ts'
import type { Database } from '../database.ts'
import type { JobPayload } from '../jobs/index.ts'
import { confirmUpload } from './confirm-upload.ts'
import { checksumMismatch, imageConflict, invalidTransition, uploadExpired, uploadRefused } from './errors.ts'
import type { Image } from './image.ts'
import { originalKey } from './keys.ts'
import { purgeOriginal } from './purge-original.ts'

type Deps = { database: Database; blobs: BlobStore; clock: Clock }

/** Another one (a worker that takes the image up) may move it this often in between. */
const MAX_ROUNDS = 5
/** In these nobody may have hashed the bytes yet. */
const UNHASHED: readonly Image['status'][] = ['uploaded', 'processing']
/** What the bytes were refused for, whoever looked at them first. */
const MISMATCHES: readonly string[] = ['size_mismatch', 'checksum_mismatch', 'file_too_small', 'file_too_large']

/** The client says that its bytes are there. `first` is true for its first call, whether or not the storage's event was faster. */
export async function completeUpload(
  deps: Deps,
  ctx: Context,
  input: { imageId: string; sha256: string | null },
): Promise<{ image: Image; first: boolean }> {
  const image = await deps.database.images.find(ctx.actor.organizationId, input.imageId)
  if (!image) throw notFound()
  authorize(ctx.actor, image.projectId, 'image.write')
  if (image.status !== 'pending_upload') return confirmSettled(deps, image, input.sha256)
  const confirmedAt = deps.clock.now()
  const by = { requestId: ctx.requestId, sha256: input.sha256, detail: 'completed by the client', confirmedAt }
  const confirmed = await confirmUpload(deps, image, by)
  return confirmed.first ? confirmed : confirmSettled(deps, confirmed.image, input.sha256)
}

/** The storage's event, the sweep or an earlier call was faster: what it came to is the answer. */
async function confirmSettled(
  deps: Deps,
  settled: Image,
  sha256: string | null,
): Promise<{ image: Image; first: boolean }> {
  let image = settled
  for (let round = 0; round < MAX_ROUNDS; round++) {
    refuseWhatCameToNothing(image, sha256)
    if (image.confirmedAt !== null || image.uploadExpiresAt === null) return { image, first: false }
    // Storage may not have known the hash: then the worker, which reads the bytes anyway, checks this one.
    const announced = UNHASHED.includes(image.status) && image.sha256 === null && sha256 !== null
    const change = { confirmedAt: deps.clock.now(), ...(announced ? { declaredSha256: sha256 } : {}) }
    const { projectId, id: imageId, status } = image
    const written = await deps.database.images.update({ projectId, imageId, status }, change)
    if (written && !announced) return { image: { ...image, ...change }, first: true }
    const current = await deps.database.images.load(projectId, imageId)
    if (!current) throw notFound()
    image = current
    if (!written) continue
    // Before it was announced the worker may have compared its hash with nothing.
    refuseWhatCameToNothing(image, sha256)
    return { image, first: true }
  }
  throw imageConflict()
}

function refuseWhatCameToNothing(image: Image, sha256: string | null): void {
  if (image.status === 'deleted') throw invalidTransition('deleted', 'uploaded')
  if (image.failure?.code === 'upload_expired') throw uploadExpired()
  if (image.failure && image.confirmedAt === null && MISMATCHES.includes(image.failure.code))
    throw uploadRefused(image.failure)
  if (sha256 !== null && image.sha256 !== null && sha256 !== image.sha256) throw checksumMismatch()
}

/** Our own storage event, a moment after the bytes arrived; the client's `complete` has usually been there first. */
export async function handleReceived(deps: Deps, payload: JobPayload<'image.received'>): Promise<void> {
  const image = await deps.database.images.load(payload.projectId, payload.imageId)
  // What comes to an upload URL when its image is purged belongs to nothing.
  if (image?.status === 'deleted' && image.purgeState !== null)
    return purgeOriginal(deps, { projectId: image.projectId, objectKey: originalKey(image.id), imageId: image.id })
  if (image?.status !== 'pending_upload') return
  await confirmUpload(deps, image, { requestId: payload.requestId, sha256: null, detail: 'found by the storage event' })
}
