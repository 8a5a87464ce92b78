import { notFound, type Project } from '../access/index.ts'
import type { BlobInfo, BlobStore } from '../blob-store.ts'
import type { Clock } from '../clock.ts'
import type { Database, Stores } from '../database.ts'
import type { DomainError } from '../errors.ts'
import { enqueueProcessing, enqueuePurge } from './enqueue.ts'
import { checksumMismatch, fileTooLarge, fileTooSmall, imageConflict, sizeMismatch, uploadNotFound } from './errors.ts'
import type { Image } from './image.ts'
import { originalKey } from './keys.ts'
import { moveImage } from './move-image.ts'
import { registerOriginal } from './register-original.ts'
import { gatherChunks, releaseChunks } from './resumable/gather-chunks.ts'

type Deps = { database: Database; blobs: BlobStore; clock: Clock }

interface Confirmation {
  requestId: string
  sha256: string | null
  detail: string
  /** Where it is the client that says so: written with the move, because a worker may take the image up the moment after. */
  confirmedAt?: Date
}

/**
 * Settles a pending upload by what storage holds, whoever says so first: the client, the storage's event or the sweep. Rejects with
 * `upload_not_found` when nothing is there; what is there but is not what was announced fails the image and rejects with the reason.
 * `first` is false when somebody else had settled it already.
 */
export async function confirmUpload(
  deps: Deps,
  image: Image,
  by: Confirmation,
): Promise<{ image: Image; first: boolean }> {
  const key = originalKey(image.id)
  const held =
    (await deps.blobs.head(key, { projectId: image.projectId, purpose: 'original' })) ??
    (await gatherChunks(deps, image))
  if (!held) throw uploadNotFound()
  const { settled, refusal, spare, first } = await deps.database.transaction(async tx => {
    const current = await tx.images.load(image.projectId, image.id, { lock: true })
    if (!current) throw imageConflict()
    // Somebody else settled it while we looked at storage: that is the answer.
    if (current.status !== 'pending_upload') return { settled: current, refusal: null, spare: false, first: false }
    const project = await tx.projects.load(image.projectId)
    if (!project) throw notFound()
    await releaseChunks(tx, current, by.requestId)
    const mismatch = findMismatch(current, held, by.sha256) ?? findSizeRefusal(held, project)
    return mismatch
      ? refuse(tx, current, mismatch, deps.clock.now(), by)
      : adopt(tx, current, held, deps.clock.now(), by)
  })
  if (spare) await deps.blobs.remove([key], { projectId: image.projectId, purpose: 'original' })
  if (refusal) throw refusal
  return { image: settled, first }
}

type Settled = { settled: Image; refusal: DomainError | null; spare: boolean; first: boolean }

function findMismatch(image: Image, held: BlobInfo, sha256: string | null): DomainError | null {
  if (image.declaredSize !== null && held.sizeBytes !== image.declaredSize)
    return sizeMismatch(image.declaredSize, held.sizeBytes)
  const expected = sha256 ?? image.declaredSha256
  const actual = hashOf(image, held)
  // A checksum that storage could not tell is checked by the worker, which reads the bytes anyway.
  if (expected !== null && actual !== null && expected !== actual) return checksumMismatch()
  return null
}

/** As our own upload URL saw the bytes pass, or as storage checked them; null where nobody knows yet. */
const hashOf = (image: Image, held: BlobInfo): string | null => image.sha256 ?? held.sha256 ?? null

/** What the project takes now, not when the URL was made: an address of yesterday is no way around new settings. */
function findSizeRefusal(held: BlobInfo, project: Project): DomainError | null {
  const { minBytes, maxBytes } = project.settings
  if (held.sizeBytes < minBytes) return fileTooSmall(minBytes, held.sizeBytes)
  return held.sizeBytes > maxBytes ? fileTooLarge(maxBytes, held.sizeBytes) : null
}

async function refuse(
  tx: Stores,
  image: Image,
  refusal: DomainError,
  at: Date,
  by: { requestId: string },
): Promise<Settled> {
  const change = { failure: { code: refusal.code, detail: refusal.message } }
  const settled = await moveImage(tx, image, 'failed', { at, detail: refusal.code, change })
  if (!settled) throw imageConflict()
  await enqueuePurge(tx, settled, by.requestId)
  return { settled, refusal, spare: false, first: true }
}

async function adopt(tx: Stores, image: Image, held: BlobInfo, at: Date, by: Confirmation): Promise<Settled> {
  const { projectId } = image
  const sha256 = hashOf(image, held)
  const own = { projectId, objectKey: held.key, sizeBytes: held.sizeBytes }
  let objectKey = held.key
  if (sha256 === null) await tx.originals.add({ ...own, sha256 })
  else objectKey = (await registerOriginal(tx, { ...own, sha256 })).original.objectKey
  const spare = objectKey !== held.key
  if (!spare)
    await tx.usage.record([
      { projectId, cause: `original:${held.key}`, purpose: 'original', storedBytes: held.sizeBytes },
    ])
  const declaredSha256 = by.sha256 ?? image.declaredSha256
  const confirmed = by.confirmedAt ? { confirmedAt: by.confirmedAt } : {}
  const change = {
    ...{ sizeBytes: held.sizeBytes, sha256, originalKey: objectKey, uploadedAt: at, declaredSha256 },
    ...confirmed,
  }
  const settled = await moveImage(tx, image, 'uploaded', { at, detail: by.detail, change })
  if (!settled) throw imageConflict()
  await enqueueProcessing(tx, settled, by.requestId)
  return { settled, refusal: null, spare, first: true }
}
