import type { BlobStore } from '../blob-store.ts'
import type { Database, Stores } from '../database.ts'
import { checksumMismatch, imageConflict } from './errors.ts'
import type { Image } from './image.ts'

type Deps = { database: Database; blobs: BlobStore }
type Bytes = { objectKey: string; sha256: string; sizeBytes: number }

/** The same bytes may come and go in other transactions this often before the job is left to another try. */
const MAX_ROUNDS = 5

/**
 * Records the hash of an original that nobody could hash before. Where the project has these bytes already, the image refers to those
 * and its own copy goes. An attempt that was given away records nothing. Throws `checksum_mismatch` for bytes that are not what was announced.
 */
export async function adoptHash(deps: Deps, image: Image, bytes: Bytes): Promise<void> {
  const { projectId } = image
  const spare = await deps.database.transaction(async tx => {
    const current = await tx.images.load(projectId, image.id, { lock: true })
    if (current?.status !== 'processing' || current.attempt !== image.attempt) return false
    // The client may have announced it while the bytes were on their way here.
    if (current.declaredSha256 !== null && current.declaredSha256 !== bytes.sha256) throw checksumMismatch()
    return settle(tx, image, bytes)
  })
  if (spare) await deps.blobs.remove([bytes.objectKey], { projectId, purpose: 'original' })
}

/** Resolves with true when the image's own copy belongs to nothing any more. */
async function settle(tx: Stores, image: Image, bytes: Bytes): Promise<boolean> {
  const { projectId } = image
  const key = { projectId, imageId: image.id, status: 'processing' as const }
  for (let round = 0; round < MAX_ROUNDS; round++) {
    if (await tx.originals.setSha256(projectId, bytes.objectKey, bytes.sha256)) {
      await tx.images.update(key, { sha256: bytes.sha256 })
      return false
    }
    const twin = await tx.originals.lockBySha256(projectId, bytes.sha256)
    // A twin that began to be purged in between is none: then the own copy is the one to keep.
    if (!twin) continue
    await tx.images.update(key, { sha256: bytes.sha256, originalKey: twin.objectKey })
    await tx.originals.remove(projectId, bytes.objectKey)
    await tx.usage.record([
      { projectId, cause: `purged:${bytes.objectKey}`, purpose: 'original', storedBytes: -bytes.sizeBytes },
    ])
    return true
  }
  throw imageConflict()
}
