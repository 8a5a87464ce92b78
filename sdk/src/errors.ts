import type { Problem } from '@calotype/contract'

export interface CalotypeErrorInput {
  code: string
  status: number
  detail: string
  requestId?: string | null | undefined
  imageId?: string | undefined
  details?: Record<string, unknown> | undefined
  errors?: Problem['errors'] | undefined
  retryAfterMs?: number | undefined
}

/** Any refusal of the server, and a connection that failed (`status` 0, `code` `connection_failed`). */
export class CalotypeError extends Error {
  override readonly name = 'CalotypeError'
  /** Stable, snake_case: decide on this. */
  readonly code: string
  readonly status: number
  /** For people: what happened and what to do. */
  readonly detail: string
  readonly details: Record<string, unknown>
  readonly errors: NonNullable<Problem['errors']>
  readonly requestId: string | null
  /** The image that the refusal is about, when the server made one. */
  readonly imageId: string | null
  readonly retryAfterMs: number | null

  constructor(input: CalotypeErrorInput, options?: ErrorOptions) {
    super(input.detail, options)
    this.code = input.code
    this.status = input.status
    this.detail = input.detail
    this.details = input.details ?? {}
    this.errors = input.errors ?? []
    this.requestId = input.requestId ?? null
    this.imageId = input.imageId ?? null
    this.retryAfterMs = input.retryAfterMs ?? null
  }
}

export function connectionFailed(cause: unknown): CalotypeError {
  return new CalotypeError(
    { code: 'connection_failed', status: 0, detail: 'The server could not be reached, or the connection broke.' },
    { cause },
  )
}
