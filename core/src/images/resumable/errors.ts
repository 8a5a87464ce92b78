import { DomainError } from '../../errors.ts'

/** Somebody sent the same bytes, or the client did not hear how far it got: it asks and goes on from there. */
export const offsetConflict = (there: number, asked: number): DomainError =>
  new DomainError(
    'conflict',
    'upload_offset_conflict',
    `This upload goes on at byte ${there}, not at ${asked}. Ask for its offset and go on from there.`,
    { actual: asked, allowed: [String(there)] },
  )

export const tooManyChunks = (limit: number): DomainError =>
  new DomainError(
    'too_large',
    'too_many_chunks',
    `This upload came in ${limit} pieces, and no more are taken. Begin anew and send larger ones.`,
    { limit },
  )
