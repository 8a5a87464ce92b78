import type { BlobStore } from '../blob-store.ts'
import type { Clock } from '../clock.ts'
import type { Database } from '../database.ts'
import type { CdnInvalidator } from '../delivery/index.ts'
import { DomainError } from '../errors.ts'
import { MAX_KEYS_PER_PRINCIPAL } from '../idempotency/index.ts'
import { acceptUnannounced } from './accept-unannounced.ts'
import { confirmUpload } from './confirm-upload.ts'
import { enqueueProcessing, enqueuePurge } from './enqueue.ts'
import type { Image } from './image.ts'
import { CHUNKS_PREFIX } from './keys.ts'
import { moveImage } from './move-image.ts'
import { purgeTombstone } from './purge-tombstones.ts'
import { releaseChunks } from './resumable/gather-chunks.ts'
import { PURGED_RECORD_MS } from './retention.ts'

type Deps = { database: Database; blobs: BlobStore; clock: Clock; invalidator: CdnInvalidator }

/** Bytes that come late are waited for this long after the upload URL expired (requirement U10). */
export const STALE_UPLOAD_GRACE_MS = 3_600_000
/** An image that waits without a job for this long is given a new one. */
export const STRANDED_AFTER_MS = 60_000
/** Rows looked at in one sweep; the next one goes on. */
export const SWEEP_BATCH = 500
/** Keys looked up in the database at once. */
const KEY_BATCH = 500
/** What is in storage for longer than this is a stale upload's by now. */
const UNANNOUNCED_MS = 2 * 3_600_000

export interface SweepReport {
  expired: number
  accepted: number
  requeued: number
  purged: number
  forgotten: number
  forgottenKeys: number
  orphans: number
  unannounced: number
  lostImports: number
}

/**
 * The regular care: images without a job, stale uploads, tombstones past retention, objects that belong to nothing. Storage that is away
 * keeps none of the other parts from being done; the first failure is thrown at the end.
 */
export async function sweep(deps: Deps, input: { requestId: string; orphanGraceMs: number }): Promise<SweepReport> {
  const report: SweepReport = {
    ...{ expired: 0, accepted: 0, requeued: 0, purged: 0, forgotten: 0, forgottenKeys: 0, orphans: 0 },
    ...{ unannounced: 0, lostImports: 0 },
  }
  const parts = [
    async () => ({ requeued: await requeueStranded(deps, input.requestId) }),
    () => settleStaleUploads(deps, input.requestId),
    async () => ({ lostImports: await settleLostImports(deps, input.requestId) }),
    async () => ({ purged: await purgeDue(deps, input.requestId) }),
    async () => ({ forgotten: await deps.database.images.forgetPurged(recordsOf(deps.clock), SWEEP_BATCH) }),
    async () => ({ forgottenKeys: await deps.database.idempotency.prune(deps.clock.now(), MAX_KEYS_PER_PRINCIPAL) }),
    () => walkStorage(deps, input),
  ]
  const failures: unknown[] = []
  for (const part of parts) {
    try {
      Object.assign(report, await part())
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
  return report
}

/** Pending uploads whose URL expired long ago: bytes that are there are accepted, otherwise the image fails with `upload_expired`. */
async function settleStaleUploads(deps: Deps, requestId: string): Promise<{ expired: number; accepted: number }> {
  const expiredBefore = new Date(deps.clock.now().getTime() - STALE_UPLOAD_GRACE_MS)
  const stale = await deps.database.images.findStaleUploads(expiredBefore, SWEEP_BATCH)
  const counts = { expired: 0, accepted: 0 }
  for (const image of stale) {
    const settled = await settleAwaited(deps, image, UPLOAD_EXPIRED, requestId)
    if (settled !== null) counts[settled === 'failed' ? 'expired' : 'accepted']++
  }
  return counts
}

/** Imports whose job was lost or given up in the middle. Where it came from only the job knew: nobody can fetch it again. */
async function settleLostImports(deps: Deps, requestId: string): Promise<number> {
  const now = deps.clock.now()
  const query = { updatedBefore: new Date(now.getTime() - STRANDED_AFTER_MS), now, limit: SWEEP_BATCH }
  const lost = await deps.database.images.findLostImports(query)
  for (const image of lost) await settleAwaited(deps, image, IMPORT_LOST, requestId)
  return lost.length
}

const UPLOAD_EXPIRED = {
  code: 'upload_expired',
  detail: 'Nothing was uploaded before the upload URL expired. Ask for a new one.',
}
const IMPORT_LOST = {
  code: 'import_lost',
  detail: 'The job that fetched it was lost before the bytes were here. Import it again.',
}

type Failure = NonNullable<Image['failure']>

/** Accepts the bytes of a pending upload if they are there, and fails it otherwise; null when somebody else was faster. */
async function settleAwaited(
  deps: Deps,
  image: Image,
  failure: Failure,
  requestId: string,
): Promise<'accepted' | 'failed' | null> {
  try {
    await confirmUpload(deps, image, { requestId, sha256: null, detail: 'found by the sweep' })
    return 'accepted'
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    if (error.code === 'upload_not_found') return (await fail(deps, image, failure, requestId)) ? 'failed' : null
    if (error.kind === 'storage' || error.kind === 'network') throw error
    return null
  }
}

function fail(deps: Deps, image: Image, failure: Failure, requestId: string): Promise<boolean> {
  return deps.database.transaction(async tx => {
    const moved = await moveImage(tx, image, 'failed', {
      at: deps.clock.now(),
      detail: failure.code,
      change: { failure },
    })
    if (!moved) return false
    await releaseChunks(tx, moved, requestId)
    await enqueuePurge(tx, moved, requestId)
    return true
  })
}

const recordsOf = (clock: Clock): Date => new Date(clock.now().getTime() - PURGED_RECORD_MS)

/** Deleted images whose job was lost or given up. One whose bytes would not go keeps none of the others. */
async function purgeDue(deps: Deps, requestId: string): Promise<number> {
  const due = await deps.database.images.findDueTombstones(deps.clock.now(), SWEEP_BATCH)
  const failures: unknown[] = []
  for (const image of due) await purgeTombstone(deps, image, requestId).catch(error => failures.push(error))
  if (failures.length > 0) throw failures[0]
  return due.length
}

/** `failed` is written only when nothing further will run; so whatever waits must have something that runs. */
async function requeueStranded(deps: Deps, requestId: string): Promise<number> {
  const updatedBefore = new Date(deps.clock.now().getTime() - STRANDED_AFTER_MS)
  const stranded = await deps.database.images.findStranded(updatedBefore, SWEEP_BATCH)
  for (const image of stranded) await deps.database.transaction(tx => enqueueProcessing(tx, image, requestId))
  return stranded.length
}

/**
 * Looks at everything that is stored: objects older than the grace that nothing refers to, which a killed process left between storage
 * and database, go; young uploads that nobody announced are accepted.
 */
async function walkStorage(
  deps: Deps,
  { requestId, orphanGraceMs }: { requestId: string; orphanGraceMs: number },
): Promise<{ orphans: number; unannounced: number }> {
  const now = deps.clock.now().getTime()
  const old = inBatches(keys => removeOrphans(deps, keys))
  const young = inBatches(keys => acceptUnannounced(deps, keys, requestId))
  for (const prefix of ['uploads/', 'private/', 'public/', CHUNKS_PREFIX]) {
    for await (const { key, modifiedAt } of deps.blobs.list(prefix, CARE)) {
      const age = now - modifiedAt.getTime()
      if (age >= orphanGraceMs) await old.add(key)
      if (prefix === 'uploads/' && age < UNANNOUNCED_MS) await young.add(key)
    }
  }
  return { orphans: await old.end(), unannounced: await young.end() }
}

const CARE = { projectId: '', purpose: 'care' as const }

async function removeOrphans(deps: Deps, keys: readonly string[]): Promise<number> {
  const referenced = await deps.database.images.findReferencedKeys(keys)
  const orphans = keys.filter(key => !referenced.has(key))
  const left = await deps.blobs.remove(orphans, CARE)
  return orphans.length - left.length
}

/** Keys by the batch, and the sum of what came of them. */
function inBatches(work: (keys: readonly string[]) => Promise<number>) {
  let batch: string[] = []
  let sum = 0
  const flush = async () => {
    const keys = batch
    batch = []
    if (keys.length > 0) sum += await work(keys)
  }
  return {
    add: async (key: string): Promise<void> => {
      batch.push(key)
      if (batch.length >= KEY_BATCH) await flush()
    },
    end: async (): Promise<number> => {
      await flush()
      return sum
    },
  }
}
