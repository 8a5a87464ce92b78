import { Readable } from 'node:stream'
import type { BlobInfo, BlobPurpose, BlobStore } from '../../blob-store.ts'
import type { Clock } from '../../clock.ts'
import type { Database, Stores } from '../../database.ts'
import { DomainError } from '../../errors.ts'
import { enqueueChunkRemoval } from '../enqueue.ts'
import { storageUnavailable, uploadNotFound } from '../errors.ts'
import type { Image } from '../image.ts'
import { originalKey } from '../keys.ts'
import type { UploadChunk } from './upload-chunk-store.ts'

type Deps = { database: Database; blobs: BlobStore; clock: Clock }

/**
 * Makes the original of pieces that are all there, hashing it on the way; null while bytes are missing. Storage has nothing under the
 * original's key before it is whole. May run twice at the same moment: one of them writes.
 */
export async function gatherChunks(deps: Deps, image: Image): Promise<BlobInfo | null> {
  const { projectId, declaredSize } = image
  if (declaredSize === null) return null
  const chunks = await deps.database.uploadChunks.findChunks(projectId, image.id)
  const last = chunks.at(-1)
  if (!last || last.start + last.sizeBytes < declaredSize) return null
  const key = originalKey(image.id)
  const by = { projectId, purpose: 'original' as const }
  const options = { maxBytes: declaredSize, contentType: image.declaredType ?? '', ifAbsent: true }
  try {
    const stored = await deps.blobs.put(key, Readable.from(bytesOf(deps.blobs, chunks, by)), options, by)
    return { key, ...stored, modifiedAt: deps.clock.now() }
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    if (error.code === 'upload_already_received') return deps.blobs.head(key, by)
    // A piece is gone, and the whole with it: the client finds nothing there and sends all of it again.
    if (error.code === 'upload_not_found') await deps.database.uploadChunks.clear(projectId, image.id)
    throw error
  }
}

async function* bytesOf(blobs: BlobStore, chunks: readonly UploadChunk[], by: BlobPurpose): AsyncGenerator<Buffer> {
  for (const { objectKey } of chunks) {
    const piece = await blobs.read(objectKey, null, by)
    if (!piece) throw uploadNotFound()
    yield* piece
  }
}

/** An upload that is over needs its pieces no more: they are forgotten here, and a job removes them. */
export async function releaseChunks(
  tx: Pick<Stores, 'uploadChunks' | 'jobs'>,
  image: Pick<Image, 'id' | 'projectId'>,
  requestId: string,
): Promise<void> {
  const objectKeys = await tx.uploadChunks.clear(image.projectId, image.id)
  if (objectKeys.length > 0) await enqueueChunkRemoval(tx, image, objectKeys, requestId)
}

/** The same at once, where the bytes have to be gone before the record. Rejects with `storage_unavailable` when some stay. */
export async function removeChunks(
  deps: Pick<Deps, 'database' | 'blobs'>,
  image: Pick<Image, 'id' | 'projectId'>,
): Promise<void> {
  const { projectId, id } = image
  const chunks = await deps.database.uploadChunks.findChunks(projectId, id)
  if (chunks.length === 0) return
  const keys = chunks.map(chunk => chunk.objectKey)
  if ((await deps.blobs.remove(keys, { projectId, purpose: 'original' })).length > 0) throw storageUnavailable()
  await deps.database.uploadChunks.clear(projectId, id)
}
