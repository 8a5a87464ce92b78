import { type Actor, may } from '../access/index.ts'
import type { Stores } from '../database.ts'
import { type Image, type ImageStatus, isVerdict } from './image.ts'
import type { Original } from './original-store.ts'

const ANSWERABLE: readonly ImageStatus[] = ['ready', 'processing', 'uploaded']

export interface Duplicate {
  image: Image
  /** A failed image is tried anew before it is answered. */
  retry: boolean
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
  if (answerable) return { image: answerable, retry: false }
  const failed = images.find(image => image.status === 'failed' && !isVerdict(image.failure?.code ?? ''))
  return failed ? { image: failed, retry: true } : null
}
