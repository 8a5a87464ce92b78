import { invalidEntity } from './errors.ts'

/** A thing of the caller's own that has pictures, e.g. the product 42. */
export interface EntityKey {
  projectId: string
  type: string
  entityId: string
}

/** One named place of an entity for one picture. */
export interface SlotKey extends EntityKey {
  slot: string
}

export const ENTITY_TYPE = /^[a-z][a-z0-9-]{0,63}$/
export const ENTITY_ID = /^[A-Za-z0-9_-]{1,128}$/
/** The gallery has this path for itself. */
export const GALLERY = 'gallery'

/** Slots of one entity; named, so that a loop of a client's cannot fill the table. */
export const MAX_SLOTS_PER_ENTITY = 100
/** Replacements of one slot whose pictures are not ready yet. */
export const MAX_WAITING_REPLACEMENTS = 50
/** Pictures of a gallery that are not deleted. */
export const MAX_GALLERY_IMAGES = 500
export const MAX_CAPTION_LENGTH = 1_000
/** Pictures before the current one that a slot tells of. */
export const SLOT_HISTORY = 50
/** A replaced picture is still there for this long: whoever was just told its URL gets to fetch it. */
export const REPLACED_GRACE_MS = 10_000

export function checkEntity(key: { type: string; entityId: string }): void {
  if (!ENTITY_TYPE.test(key.type)) throw invalidEntity('type', ENTITY_TYPE)
  if (!ENTITY_ID.test(key.entityId)) throw invalidEntity('entity_id', ENTITY_ID)
}

export function checkSlot(key: { type: string; entityId: string; slot: string }): void {
  checkEntity(key)
  if (!ENTITY_TYPE.test(key.slot) || key.slot === GALLERY) throw invalidEntity('slot', ENTITY_TYPE)
}

/** Counts code points. Rejects with `invalid_request`; text of spaces alone is none. */
export function checkCaption(caption: string | null): string | null {
  const text = caption?.trim() ?? ''
  const length = [...text].length
  if (length > MAX_CAPTION_LENGTH) throw invalidEntity('caption', MAX_CAPTION_LENGTH, length)
  return text === '' ? null : text
}
