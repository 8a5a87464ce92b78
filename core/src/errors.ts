/**
 * What kind of thing went wrong. Status codes, retry policies and exit codes are exhaustive Records over this type,
 * so that a new kind cannot be forgotten at any door.
 */
export type ErrorKind =
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'invalid'
  | 'unsupported'
  | 'conflict'
  | 'gone'
  | 'precondition'
  | 'range'
  | 'length_required'
  | 'too_large'
  | 'content'
  | 'rate_limited'
  | 'overloaded'
  | 'processing'
  | 'storage'
  | 'network'
  | 'internal'

/** Facts a caller can act on: the limit, what was found instead, what would be allowed. Never secrets or GPS. */
export interface ErrorDetails {
  limit?: number | string
  actual?: number | string
  allowed?: readonly string[]
  reason?: string
  image_id?: string
  retry_after_seconds?: number
  /** What should have been named and was not, and what was named and is not there. */
  missing?: readonly string[]
  unknown?: readonly string[]
}

/** An expected failure with a stable code. Everything else that is thrown is a defect and answers as a redacted 500. */
export class DomainError extends Error {
  readonly kind: ErrorKind
  /** Stable and snake_case; documented in docs/errors.md. */
  readonly code: string
  readonly details: ErrorDetails

  constructor(kind: ErrorKind, code: string, message: string, details: ErrorDetails = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'DomainError'
    this.kind = kind
    this.code = code
    this.details = details
  }
}

/** A failure that more tries cannot mend: the content itself was judged. */
export const isContentVerdict = (error: unknown): error is DomainError =>
  error instanceof DomainError && (error.kind === 'content' || error.kind === 'too_large')
