import { DomainError, type ErrorKind } from '@calotype/core'
import { APIError } from 'better-auth/api'

type Status = ConstructorParameters<typeof APIError>[0]

/** The library's name for each kind of error; exhaustive, so that a new kind cannot be forgotten. */
const STATUS_OF_KIND: Record<ErrorKind, Status> = {
  unauthorized: 'UNAUTHORIZED',
  forbidden: 'FORBIDDEN',
  not_found: 'NOT_FOUND',
  invalid: 'BAD_REQUEST',
  unsupported: 'UNSUPPORTED_MEDIA_TYPE',
  conflict: 'CONFLICT',
  gone: 'GONE',
  precondition: 'PRECONDITION_FAILED',
  range: 'RANGE_NOT_SATISFIABLE',
  length_required: 'LENGTH_REQUIRED',
  too_large: 'PAYLOAD_TOO_LARGE',
  content: 'UNPROCESSABLE_ENTITY',
  rate_limited: 'TOO_MANY_REQUESTS',
  overloaded: 'SERVICE_UNAVAILABLE',
  processing: 'UNPROCESSABLE_ENTITY',
  storage: 'SERVICE_UNAVAILABLE',
  network: 'SERVICE_UNAVAILABLE',
  internal: 'INTERNAL_SERVER_ERROR',
}

/** Lets a rule of ours refuse in the library's error form: `{code, message}` with the status that the kind has everywhere else. */
export async function inLibraryForm<T>(rule: () => Promise<T>): Promise<T> {
  try {
    return await rule()
  } catch (error) {
    if (!(error instanceof DomainError) || error.kind === 'internal') throw error
    throw new APIError(STATUS_OF_KIND[error.kind], { code: error.code, message: error.message })
  }
}

/** Words for the log without values: messages of the library and of the database may carry addresses. */
export const describeFailure = (error: unknown): string => {
  if (error instanceof DomainError) return error.code
  if (!(error instanceof Error)) return typeof error
  return 'code' in error && typeof error.code === 'string' ? `${error.name} ${error.code}` : error.name
}
