import { type Actor, may } from '../access/index.ts'
import type { Doer } from '../audit/index.ts'
import type { Stores } from '../database.ts'
import { type Image, type ImageStatus, isVerdict } from './image.ts'
import type { Original } from './original-store.ts'
import { restoreInTransaction } from './restore-image.ts'
import { isRestorable, wantsNoBytes } from './retention.ts'
import { retryInTransaction } from './retry-image.ts'

const ANSWERABLE: readonly ImageStatus[] = ['ready', 'processing', 'uploaded']

export interface Duplicate {
  image: Image
  /** A deleted image is restored, and a failed one tried anew, before it is answered. */
  revive: boolean
}

/**
 * The image that stands for these bytes already, of the same project and only if the caller may read it there (no oracle across
 * tenants). Slots and galleries always make a record of their own, so only uploads are looked at.
 */
export async function findDuplicate(
  tx: Pick<Stores, 'images'>,
  actor: Actor,
  original: Original,
): Promise<Duplicate | null> {
  if (!may(actor, original.projectId, 'image.read')) return null
  return chooseDuplicate(await tx.images.findByOriginal(original.projectId, original.objectKey))
}

/** The one to answer among the images of one original, newest first. */
export function chooseDuplicate(ofOriginal: readonly Image[]): Duplicate | null {
  const images = ofOriginal.filter(image => image.origin === 'upload')
  const answerable = images.find(image => ANSWERABLE.includes(image.status))
  if (answerable) return { image: answerable, revive: false }
  const deleted = images.find(image => isRestorable(image) && !wantsNoBytes(image))
  if (deleted) return { image: deleted, revive: true }
  const failed = images.find(image => image.status === 'failed' && !isVerdict(image.failure?.code ?? ''))
  return failed ? { image: failed, revive: true } : null
}

/**
 * The duplicate as it is answered, while the caller holds the row of its original. Null when it began to be purged at the same moment:
 * then the bytes are there, and no image for them.
 */
export async function reviveDuplicate(
  tx: Stores,
  { image, revive }: Duplicate,
  at: Date,
  by: Doer,
): Promise<Image | null> {
  if (!revive) return image
  if (image.status === 'failed') return retryInTransaction(tx, image, at, by.requestId)
  const restored = await restoreInTransaction(tx, image, { ...by, at, detail: 'restored by the same bytes' })
  return restored?.status === 'failed' ? retryInTransaction(tx, restored, at, by.requestId) : restored
}
