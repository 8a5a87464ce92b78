import type { Readable } from 'node:stream'
import { notFound } from '../access/index.ts'
import type { BlobStore, StoredBlob } from '../blob-store.ts'
import type { Clock } from '../clock.ts'
import type { Database } from '../database.ts'
import type { InFlight } from '../limits/index.ts'
import { enqueueReceived } from './enqueue.ts'
import { uploadAlreadyReceived, uploadExpired } from './errors.ts'
import type { Image } from './image.ts'
import { isRestorable } from './retention.ts'
import type { UploadTerms } from './upload-signer.ts'

type Deps = { database: Database; blobs: BlobStore; clock: Clock; inFlight: InFlight }

/**
 * What storage does at a signed upload URL on the embedded default, after the signature was checked: takes the bytes once, only while
 * the image waits for them and only if they are what was signed, and raises its own storage event.
 */
export async function receiveUpload(
  deps: Deps,
  input: { terms: UploadTerms; body: Readable; requestId: string },
): Promise<StoredBlob> {
  const { terms } = input
  const { projectId } = terms
  // A deleted project takes nothing in, even before the job that removes it has come to this image.
  if (!(await deps.database.projects.load(projectId))) throw notFound()
  const image = await deps.database.images.load(projectId, terms.imageId)
  if (!image || isOver(image)) throw uploadExpired()
  if (image.status !== 'pending_upload') throw uploadAlreadyReceived()
  const expect = {
    ...(terms.sizeBytes === null ? {} : { sizeBytes: terms.sizeBytes }),
    ...(terms.sha256 === null ? {} : { sha256: terms.sha256 }),
  }
  const options = {
    maxBytes: terms.sizeBytes ?? terms.maxBytes,
    contentType: terms.contentType,
    expect,
    ifAbsent: true,
  }
  const by = { projectId, purpose: 'original' as const }
  const stored = await deps.inFlight.hold(projectId, () => deps.blobs.put(terms.objectKey, input.body, options, by))
  const recorded = await deps.database.transaction(async tx => {
    const key = { projectId, imageId: image.id, status: 'pending_upload' as const }
    if (!(await tx.images.update(key, { sha256: stored.sha256, sizeBytes: stored.sizeBytes }))) return false
    await enqueueReceived(tx, image, input.requestId, deps.clock.now())
    return true
  })
  if (!recorded) await removeUnlessClaimed(deps, image.projectId, image.id, terms.objectKey)
  return stored
}

const isOver = ({ status }: Image): boolean => status === 'deleted' || status === 'failed'

/**
 * Somebody moved the image while its bytes arrived: completed them (fine), gave it up (the bytes must go) or deleted it: until it is
 * purged a restore may bring it back to wait for them, so that nobody else may take them away.
 */
async function removeUnlessClaimed(deps: Deps, projectId: string, imageId: string, objectKey: string): Promise<void> {
  const image = await deps.database.images.load(projectId, imageId)
  if (image && !isOver(image)) return
  if (!image || !isRestorable(image)) await deps.blobs.remove([objectKey], { projectId, purpose: 'original' })
  throw uploadExpired()
}
