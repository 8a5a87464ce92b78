import { DomainError } from '../errors.ts'
import type { ImageStatus } from './image.ts'

/** Text of a caller's is repeated in errors up to here. */
const MAX_SHOWN = 100

/** A JSON body that names such a type is `invalid` (400); a part or body that has it is `unsupported` (415). */
export const unsupportedMediaType = (
  kind: 'invalid' | 'unsupported',
  actual: string,
  allowed: readonly string[],
): DomainError => {
  const shown = actual.slice(0, MAX_SHOWN)
  return new DomainError(
    kind,
    'unsupported_media_type',
    `${shown || 'No type'} is not accepted here. Send one of ${allowed.join(', ')}.`,
    {
      actual: shown,
      allowed,
    },
  )
}

export const invalidFileName = (reason: string): DomainError =>
  new DomainError('invalid', 'invalid_file_name', `The file name ${reason}.`, { reason })

export const fileTooLarge = (limit: number, actual?: number): DomainError =>
  new DomainError(
    'too_large',
    'file_too_large',
    `This file is larger than the ${limit} bytes that are accepted here.`,
    {
      limit,
      ...(actual === undefined ? {} : { actual }),
    },
  )

/** The same for a file that is there already and would be moved: 422, because the request is small. */
export const tooLargeForProject = (limit: number, actual: number): DomainError =>
  new DomainError(
    'content',
    'file_too_large',
    `This file has ${actual} bytes; the other project takes at most ${limit}.`,
    { limit, actual },
  )

export const fileTooSmall = (limit: number, actual: number): DomainError =>
  new DomainError('content', 'file_too_small', `This file has ${actual} bytes; at least ${limit} are needed.`, {
    limit,
    actual,
  })

export const checksumMismatch = (): DomainError =>
  new DomainError(
    'content',
    'checksum_mismatch',
    'The bytes that arrived do not have the announced SHA-256. Send them again.',
  )

export const sizeMismatch = (expected: number, actual: number): DomainError =>
  new DomainError('content', 'size_mismatch', `${expected} bytes were announced and ${actual} arrived.`, {
    limit: expected,
    actual,
  })

/** What was said before about bytes that were not what had been announced. */
export const uploadRefused = (failure: { code: string; detail: string }): DomainError =>
  new DomainError('content', failure.code, failure.detail)

export const uploadNotFound = (): DomainError =>
  new DomainError(
    'conflict',
    'upload_not_found',
    'Nothing was uploaded for this image yet. PUT the bytes to its upload URL first.',
  )

export const uploadExpired = (): DomainError =>
  new DomainError('gone', 'upload_expired', 'This upload URL has expired. Ask for a new one.')

export const uploadAlreadyReceived = (): DomainError =>
  new DomainError(
    'precondition',
    'upload_already_received',
    'This upload URL was used already. Each one is good for one upload.',
  )

export const uploadInterrupted = (): DomainError =>
  new DomainError(
    'invalid',
    'upload_interrupted',
    'The connection ended before the whole file had arrived. Send it again.',
  )

export const invalidTransition = (from: ImageStatus, to: ImageStatus | 'moved' | 'changed' | 'restored'): DomainError =>
  new DomainError(
    'conflict',
    'invalid_transition',
    `An image that is ${from} cannot ${['moved', 'changed', 'restored'].includes(to) ? 'be' : 'become'} ${to}.`,
    {
      actual: from,
      reason: to,
    },
  )

export const imageConflict = (): DomainError =>
  new DomainError('conflict', 'conflict', 'Somebody else changed this image at the same moment. Read it again.')

export const imageNotReady = (status: ImageStatus): DomainError =>
  new DomainError('not_found', 'image_not_ready', `This image is ${status}; it can be delivered once it is ready.`, {
    actual: status,
  })

export const originalGone = (): DomainError =>
  new DomainError('gone', 'original_gone', 'The original of this image is no longer kept.')

export const storageUnavailable = (cause?: unknown): DomainError =>
  new DomainError(
    'storage',
    'storage_unavailable',
    'The storage did not answer. Nothing was lost; try again.',
    { retry_after_seconds: 5 },
    cause,
  )

export const tooManyUploads = (limit: number): DomainError =>
  new DomainError('overloaded', 'overloaded', `${limit} uploads are under way here already. Try again in a moment.`, {
    limit,
    retry_after_seconds: 1,
  })

export const missingFile = (): DomainError =>
  new DomainError('invalid', 'invalid_request', 'The form has no part named `file` with a file name.', {
    reason: 'file',
  })

export const invalidLabel = (field: 'alt' | 'reference' | 'attributes', reason: string, limit?: number): DomainError =>
  new DomainError('invalid', 'invalid_request', `\`${field}\` ${reason}.`, {
    reason: field,
    ...(limit === undefined ? {} : { limit }),
  })

export const invalidBatchSize = (limit: number, actual: number): DomainError =>
  new DomainError('invalid', 'invalid_request', `A batch has 1 to ${limit} items; this one has ${actual}.`, {
    limit,
    actual,
  })

export const invalidDistance = (limit: number, actual: number): DomainError =>
  new DomainError('invalid', 'invalid_request', `\`distance\` is a whole number from 0 to ${limit}.`, {
    limit,
    actual,
    reason: 'distance',
  })
