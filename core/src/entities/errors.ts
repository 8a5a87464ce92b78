import { DomainError } from '../errors.ts'

export const invalidEntity = (
  field: 'type' | 'entity_id' | 'slot' | 'caption' | 'title' | 'expires_in_seconds',
  limit: RegExp | number | string,
  actual?: number,
): DomainError => {
  const rule = limit instanceof RegExp ? `has to match ${limit.source}` : `goes up to ${limit}`
  return new DomainError('invalid', 'invalid_request', `\`${field}\` ${rule}.`, {
    reason: field,
    ...(limit instanceof RegExp ? {} : { limit }),
    ...(actual === undefined ? {} : { actual }),
  })
}

/** A replacement with a higher number, an undo or a delete was there first; its own picture is removed. */
export const slotSuperseded = (imageId: string | null): DomainError =>
  new DomainError(
    'conflict',
    'slot_superseded',
    'A later replacement of this slot is in place already. What is there stays.',
    imageId === null ? {} : { image_id: imageId },
  )

/** What became of the picture that should have gone into the slot; the old one is still there. */
export const replacementFailed = (imageId: string | null, failure: { code: string; detail: string }): DomainError =>
  new DomainError('content', failure.code, failure.detail, imageId === null ? {} : { image_id: imageId })

export const nothingToUndo = (): DomainError =>
  new DomainError('conflict', 'nothing_to_undo', 'No earlier picture of this slot is kept any more.')

export const tooManyHere = (what: string, limit: number): DomainError =>
  new DomainError('conflict', 'limit_reached', `At most ${limit} ${what} are possible.`, { limit, reason: what })

/** The order names other pictures than the gallery has. */
export const galleryMismatch = (missing: readonly string[], unknown: readonly string[]): DomainError =>
  new DomainError(
    'conflict',
    'gallery_mismatch',
    'The order has to name every picture of the gallery once. Read the gallery again.',
    { missing, unknown },
  )
