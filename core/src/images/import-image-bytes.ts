import type { BlobStore, StoredBlob } from '../blob-store.ts'
import type { Clock } from '../clock.ts'
import type { Database } from '../database.ts'
import { DomainError, isContentVerdict } from '../errors.ts'
import type { JobPayload, JobRun } from '../jobs/index.ts'
import type { RemoteFiles } from '../net/index.ts'
import { MAX_REQUEUE_MS } from './attempt.ts'
import { confirmUpload } from './confirm-upload.ts'
import { fileTooLarge } from './errors.ts'
import type { Image } from './image.ts'
import { importKey } from './import-image.ts'
import { originalKey } from './keys.ts'
import { moveImage } from './move-image.ts'
import { isRestorable } from './retention.ts'

type Deps = {
  database: Database
  blobs: BlobStore
  clock: Clock
  remoteFiles: RemoteFiles
  /** Waits this many milliseconds. */
  pause: (ms: number) => Promise<void>
}

/** Pauses between the tries of one run, in milliseconds (requirement O4); then the queue takes over. */
export const IMPORT_PAUSES_MS: readonly number[] = [1_000, 2_000, 4_000]
/** A deleted image may be restored: its fetch looks again after this long. */
export const DELETED_IMPORT_PAUSE_MS = 600_000

type Outcome = 'imported' | 'failed' | 'postponed' | 'superseded'

/**
 * The job `image.import`: the remote file is streamed to storage, once, and settled like every upload. Safe to run again after a kill at any
 * line, and twice at once: bytes that are there are never written over. Rejects only where the queue should try again later.
 */
export async function importImageBytes(
  deps: Deps,
  payload: JobPayload<'image.import'>,
  run: JobRun,
): Promise<{ outcome: Outcome }> {
  const image = await deps.database.images.load(payload.projectId, payload.imageId)
  if (image?.status === 'deleted') return postpone(deps, image, payload)
  if (image?.status !== 'pending_upload') return { outcome: 'superseded' }
  try {
    if (!(await isStored(deps, image)) && !(await fetchWithRetries(deps, image, payload.url)))
      return { outcome: 'superseded' }
    const by = { requestId: payload.requestId, sha256: null, detail: 'imported' }
    const settled = await confirmUpload(deps, image, by)
    return { outcome: settled.image.status === 'failed' ? 'failed' : 'imported' }
  } catch (error) {
    if (!(error instanceof DomainError) || !isFinal(error, run, deps.clock.now())) throw error
    await fail(deps, image, error)
    return { outcome: 'failed' }
  }
}

/** Only restored within its time it is fetched after all. */
async function postpone(deps: Deps, image: Image, payload: JobPayload<'image.import'>): Promise<{ outcome: Outcome }> {
  const now = deps.clock.now()
  const over = image.uploadExpiresAt === null || image.uploadExpiresAt <= now
  if (!isRestorable(image) || image.formerStatus !== 'pending_upload' || over) return { outcome: 'superseded' }
  const runAt = new Date(now.getTime() + DELETED_IMPORT_PAUSE_MS)
  await deps.database.jobs.enqueue('image.import', payload, { key: importKey(image.id), runAt })
  return { outcome: 'postponed' }
}

async function isStored({ blobs }: Deps, image: Image): Promise<boolean> {
  return (await blobs.head(originalKey(image.id), { projectId: image.projectId, purpose: 'original' })) !== null
}

/** False when nobody wants the bytes any more. */
async function fetchWithRetries(deps: Deps, image: Image, url: string): Promise<boolean> {
  for (const pauseMs of IMPORT_PAUSES_MS) {
    try {
      return await fetchOnce(deps, image, url)
    } catch (error) {
      if (!(error instanceof DomainError) || error.kind !== 'network') throw error
      await deps.pause(pauseMs)
    }
  }
  return fetchOnce(deps, image, url)
}

async function fetchOnce(deps: Deps, image: Image, url: string): Promise<boolean> {
  const { projectId } = image
  const project = await deps.database.projects.load(projectId)
  if (!project) return false
  const { maxBytes } = project.settings
  const file = await deps.remoteFiles.open(url)
  try {
    if (file.sizeBytes !== null && file.sizeBytes > maxBytes) throw fileTooLarge(maxBytes, file.sizeBytes)
    const options = { maxBytes, contentType: 'application/octet-stream', ifAbsent: true }
    const by = { projectId, purpose: 'original' as const }
    const stored = await deps.blobs.put(originalKey(image.id), file.body, options, by)
    return await record(deps, image, stored)
  } catch (error) {
    // A run that was thought dead had stored them: those are the bytes.
    if (error instanceof DomainError && error.code === 'upload_already_received') return true
    throw error
  } finally {
    file.body.destroy()
  }
}

async function record(deps: Deps, image: Image, { sha256, sizeBytes }: StoredBlob): Promise<boolean> {
  const { projectId, id: imageId } = image
  const waits = await deps.database.images.update(
    { projectId, imageId, status: 'pending_upload' },
    { sha256, sizeBytes },
  )
  if (waits) return true
  const current = await deps.database.images.load(projectId, imageId)
  // Deleted and restorable, it keeps them like every upload; settled by somebody else, they are its own.
  if (current && current.status !== 'failed' && (current.status !== 'deleted' || isRestorable(current))) return false
  await deps.blobs.remove([originalKey(imageId)], { projectId, purpose: 'original' })
  return false
}

function isFinal(error: DomainError, run: JobRun, now: Date): boolean {
  if (isContentVerdict(error)) return true
  return run.attempt >= run.maxAttempts || now.getTime() - run.firstQueuedAt.getTime() > MAX_REQUEUE_MS
}

async function fail(deps: Deps, image: Image, error: DomainError): Promise<void> {
  const failure = { code: error.code, detail: error.message }
  const how = { at: deps.clock.now(), detail: error.code, change: { failure } }
  await deps.database.transaction(tx => moveImage(tx, image, 'failed', how))
}
