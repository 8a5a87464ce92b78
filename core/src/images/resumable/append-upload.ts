import type { Readable } from 'node:stream'
import type { BlobStore } from '../../blob-store.ts'
import type { Clock } from '../../clock.ts'
import type { Context } from '../../context.ts'
import type { Database, Stores } from '../../database.ts'
import type { InFlight } from '../../limits/index.ts'
import { confirmUpload } from '../confirm-upload.ts'
import { enqueueReceived } from '../enqueue.ts'
import { uploadExpired, uploadInterrupted } from '../errors.ts'
import type { Image } from '../image.ts'
import { chunkKey } from '../keys.ts'
import { offsetConflict, tooManyChunks } from './errors.ts'
import { findProgress } from './find-progress.ts'
import { createPieceReader } from './piece-reader.ts'
import type { UploadChunk } from './upload-chunk-store.ts'

type Deps = { database: Database; blobs: BlobStore; clock: Clock; inFlight: InFlight }

/** As much as a kill can cost: a piece counts once it is stored. One request of S3 carries it. */
export const PIECE_BYTES = 5 * 1024 * 1024
/** Pieces of one upload, so that nobody makes an object of every byte. */
export const MAX_CHUNKS = 1_000
/** When whoever sent the last byte does not settle the upload, a job does after this. */
export const GATHER_DELAY_MS = 15_000

interface Append {
  imageId: string
  /** Where the client believes the upload to be. */
  offset: number
  body: Readable
  /** Ends the call early with what has come so far, e.g. when the server stops. */
  leave?: AbortSignal
}

/**
 * Takes the next bytes of an upload, piece by piece; each that is stored counts, whatever happens afterwards. The last byte settles the
 * upload like any other. Resolves with the bytes that are there now. Rejects with `upload_offset_conflict` where somebody else was faster:
 * pieces get in by compare-and-set, so that no number of callers and processes can mix up their bytes.
 */
export async function appendUpload(deps: Deps, ctx: Context, input: Append): Promise<{ image: Image; offset: number }> {
  const { image, length, offset: start } = await findProgress(deps, ctx, input)
  if (input.offset !== start) throw offsetConflict(start, input.offset)
  if (image.status !== 'pending_upload') return { image, offset: start }
  return deps.inFlight.hold(image.projectId, async () => {
    const reader = createPieceReader(input.body, input.leave)
    let offset = start
    try {
      while (offset < length && (await reader.hasMore())) {
        offset += await keepPiece(deps, ctx, image, offset, reader.read(Math.min(PIECE_BYTES, length - offset)))
      }
    } finally {
      reader.release()
    }
    if (offset === length) return { image: await settle(deps, ctx, image), offset }
    if (reader.isBroken()) throw uploadInterrupted()
    return { image, offset }
  })
}

async function settle(deps: Deps, ctx: Context, image: Image): Promise<Image> {
  const by = { requestId: ctx.requestId, sha256: null, detail: 'completed by the client' }
  return (await confirmUpload(deps, image, { ...by, confirmedAt: deps.clock.now() })).image
}

/** Stores a piece and lets it count. Resolves with its length in bytes. */
async function keepPiece(deps: Deps, ctx: Context, image: Image, start: number, piece: Readable): Promise<number> {
  const { projectId, id: imageId } = image
  const by = { projectId, purpose: 'original' as const }
  const objectKey = chunkKey(imageId, start)
  const options = { maxBytes: PIECE_BYTES, contentType: 'application/octet-stream' }
  const { sizeBytes } = await deps.blobs.put(objectKey, piece, options, by)
  const chunk = { projectId, imageId, start, sizeBytes, objectKey }
  const refusal = await deps.database.transaction(tx => record(tx, chunk, ctx.requestId, deps.clock.now()))
  if (!refusal) return sizeBytes
  // Bytes that would not go now are the sweep's.
  await deps.blobs.remove([objectKey], by).catch(() => [])
  throw refusal
}

/** Null once the piece counts. With the last one comes the job that makes a whole of them, should this process be killed now. */
async function record(tx: Stores, chunk: UploadChunk, requestId: string, now: Date) {
  const { projectId, imageId, start, sizeBytes } = chunk
  const image = await tx.images.load(projectId, imageId, { lock: true })
  if (image?.status !== 'pending_upload') return uploadExpired()
  const there = await tx.uploadChunks.findProgress(projectId, imageId)
  if (there.chunks >= MAX_CHUNKS) return tooManyChunks(MAX_CHUNKS)
  if (!(await tx.uploadChunks.append(chunk))) return offsetConflict(there.sizeBytes, start)
  if (start + sizeBytes === image.declaredSize) await enqueueReceived(tx, image, requestId, now, GATHER_DELAY_MS)
  return null
}
