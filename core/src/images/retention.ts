import { originalGone } from './errors.ts'
import { type Image, isVerdict, type LivingStatus } from './image.ts'

const DAY_MS = 86_400_000

/**
 * The record of a purged image stays this long after the delete, because URLs that were signed before may live for two windows of a day
 * at most, and bytes may still be on their way to an upload URL.
 */
export const PURGED_RECORD_MS = 3 * DAY_MS

/** When a deleted image is purged; `retentionDays` of 0 is at once. What is promised here a later change of settings does not take back. */
export const purgeTime = (deletedAt: Date, retentionDays: number): Date =>
  new Date(deletedAt.getTime() + retentionDays * DAY_MS)

/** Deleted, and neither being purged nor part of a deleted project. */
export const isRestorable = (image: Pick<Image, 'status' | 'purgeState' | 'formerStatus'>): boolean =>
  image.status === 'deleted' && image.purgeState === null && image.formerStatus !== null

/** Refused by a verdict, given up before its bytes came, or on its way out for good: what comes late is removed, too. */
export function wantsNoBytes(image: Pick<Image, 'status' | 'purgeState' | 'formerStatus' | 'failure'>): boolean {
  const { status, purgeState, formerStatus, failure } = image
  if (status === 'deleted' && (purgeState !== null || formerStatus === null)) return true
  const failed = status === 'failed' || (status === 'deleted' && formerStatus === 'failed')
  return failed && failure !== null && (isVerdict(failure.code) || failure.code === 'upload_expired')
}

/**
 * Where a restored image goes: to its former status, or to `uploaded` where there is work to be done. Rejects with `original_gone` when
 * its variants were withdrawn and cannot be made again.
 */
export function restoredStatus(
  image: Pick<Image, 'variants' | 'originalKey'> & { formerStatus: LivingStatus },
): LivingStatus {
  const { formerStatus } = image
  if (formerStatus === 'processing') return 'uploaded'
  if (formerStatus !== 'ready' || image.variants.length > 0) return formerStatus
  if (image.originalKey === null) throw originalGone()
  return 'uploaded'
}
