import { CalotypeError } from '@calotype/sdk'
import { formatBytes } from './numbers.ts'

/** A failure as a person reads it. */
export interface Failure {
  code: string
  /** A few words, for a tile. */
  title: string
  /** What happened, what it means, what to do. */
  detail: string
  /** False when the same file would be refused again. */
  canRetry: boolean
}

const verdicts: Record<string, string> = {
  unsupported_media_type: 'Not an accepted type',
  content_type_mismatch: 'Not the type it claims',
  corrupt_image: 'Damaged file',
  file_too_large: 'Too large',
  file_too_small: 'Too small',
  too_many_pixels: 'Too many pixels',
  too_many_frames: 'Too many frames',
  invalid_file_name: 'File name not accepted',
  original_gone: 'Original no longer kept',
  forbidden: 'Not allowed',
}

const circumstances: Record<string, string> = {
  connection_failed: 'Connection broke',
  upload_interrupted: 'Connection broke',
  upload_not_found: 'Nothing arrived',
  upload_expired: 'Upload URL expired',
  checksum_mismatch: 'Changed on the way',
  size_mismatch: 'Incomplete',
  rate_limited: 'Too many at once',
  overloaded: 'Server is busy',
  uploads_suspended: 'Uploads are paused',
  storage_unavailable: 'Storage did not answer',
  unauthorized: 'Signed out',
}

export function failureOf(code: string, detail: string, details: Record<string, unknown> = {}): Failure {
  const verdict = verdicts[code]
  return {
    code,
    title: verdict ?? circumstances[code] ?? 'Could not be processed',
    detail: inUnits(code, detail, details),
    canRetry: verdict === undefined,
  }
}

export function failureOfError(error: unknown): Failure {
  if (!(error instanceof CalotypeError)) return failureOf('unexpected', messageOf(error))
  if (error.code === 'connection_failed') {
    return failureOf(error.code, 'The server did not answer or the connection broke. Nothing is lost: try again.')
  }
  return failureOf(error.code, error.detail, error.details)
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** The server counts in bytes; people do not. */
function inUnits(code: string, detail: string, { limit }: Record<string, unknown>): string {
  if (typeof limit !== 'number') return detail
  if (code === 'file_too_large') return `The file is larger than the ${formatBytes(limit)} that are accepted here.`
  if (code === 'file_too_small') return `The file is smaller than ${formatBytes(limit)}: hardly a photo.`
  return detail
}
