import { DomainError, storageUnavailable } from '@calotype/core'
import { fieldOf, textOf } from './field-of.ts'

/** What an SDK error carries, as far as we look at it. */
interface Anatomy {
  name: string
  code: string
  status: number | null
  requestId: string | null
  attempts: number
}

function anatomyOf(error: unknown): Anatomy {
  const metadata = fieldOf(error, '$metadata')
  const status = fieldOf(metadata, 'httpStatusCode')
  const attempts = fieldOf(metadata, 'attempts')
  return {
    name: textOf(fieldOf(error, 'name')),
    code: textOf(fieldOf(error, 'code')),
    status: typeof status === 'number' ? status : null,
    requestId: textOf(fieldOf(metadata, 'requestId')) || null,
    attempts: typeof attempts === 'number' ? attempts : 1,
  }
}

/** Answers that say "not now": another try may well succeed. Throttling comes as 503 or 400, by service. */
const PASSING_NAMES: readonly string[] = [
  'ConditionalRequestConflict',
  'InternalError',
  'OperationAborted',
  'RequestLimitExceeded',
  'RequestTimeout',
  'ServiceUnavailable',
  'SlowDown',
  'Throttling',
  'ThrottlingException',
  'RequestThrottled',
  'TooManyInvalidationsInProgress',
]
const PASSING_STATUSES: readonly number[] = [408, 425, 429]
/** "Not implemented", now and later. */
const UNKNOWN_STATUS = 501
/** System errors of sockets and names, and those of TLS. */
const CONNECTION_CODE = /^(E[A-Z]+|ERR_(SSL|TLS|STREAM_PREMATURE_CLOSE|SOCKET)[A-Z_]*|CERT_[A-Z_]+|UNABLE_TO_[A-Z_]+)$/
/** File operations fail with system codes too; those are none of the network's. */
const isFileError = (error: unknown): boolean => fieldOf(error, 'path') !== undefined

export type Failure = 'network' | 'passing' | 'refused' | 'defect'

/**
 * What went wrong with a call: the connection (`network`), a service that cannot just now (`passing`) or will not (`refused`).
 * `defect` is everything that no service caused.
 */
export function classify(error: unknown): Failure {
  const { name, code, status } = anatomyOf(error)
  if (status !== null) {
    if (status >= 200 && status < 300) return 'passing'
    if (status === UNKNOWN_STATUS) return 'refused'
    return status >= 500 || PASSING_STATUSES.includes(status) || PASSING_NAMES.includes(name) ? 'passing' : 'refused'
  }
  if (name === 'TimeoutError') return 'network'
  if (name === 'CredentialsProviderError') return 'refused'
  return CONNECTION_CODE.test(code) && !isFileError(error) ? 'network' : 'defect'
}

/** Whether a service that is only compatible says that it has no such call. */
export const isUnsupported = (error: unknown): boolean =>
  [405, UNKNOWN_STATUS].includes(anatomyOf(error).status ?? 0) || anatomyOf(error).name === 'NotImplemented'
export const statusOf = (error: unknown): number | null => anatomyOf(error).status
export const nameOf = (error: unknown): string => anatomyOf(error).name
/** How often a failed call was sent. */
export const attemptsOf = (error: unknown): number => anatomyOf(error).attempts

/**
 * The error as it may be logged. SDK errors are not: a refused signature carries the canonical request, and that the session token.
 */
export function loggable(error: unknown): Error {
  const { name, code, status, requestId } = anatomyOf(error)
  const cause = new Error(error instanceof Error ? error.message : String(error))
  cause.name = name || 'Error'
  if (error instanceof Error && error.stack) cause.stack = error.stack
  return Object.assign(cause, {
    ...(code && { code }),
    ...(status !== null && { status }),
    ...(requestId && { requestId }),
  })
}

const networkFailed = (cause: unknown): DomainError =>
  new DomainError(
    'network',
    'storage_unavailable',
    'The storage could not be reached. Nothing was lost; try again.',
    { retry_after_seconds: 5 },
    cause,
  )

/** A failed storage call as a DomainError of kind `network` or `storage` with its cause; everything else as it came. */
export function translate(error: unknown): unknown {
  if (error instanceof DomainError) return error
  const failure = classify(error)
  if (failure === 'defect') return error
  return failure === 'network' ? networkFailed(loggable(error)) : storageUnavailable(loggable(error))
}

const SERVICES = {
  queue: { code: 'queue_unavailable', name: 'message queue' },
  cdn: { code: 'cdn_unavailable', name: 'CDN' },
} as const

/** A queue or a CDN that could not be reached or would not, as a DomainError with its cause; everything else as it came. */
export function translateFor(service: keyof typeof SERVICES, error: unknown): unknown {
  if (error instanceof DomainError) return error
  const failure = classify(error)
  if (failure === 'defect') return error
  const kind = failure === 'network' ? 'network' : 'storage'
  const { code, name } = SERVICES[service]
  const text = `The ${name} did not answer as it should. Nothing was lost; try again.`
  return new DomainError(kind, code, text, { retry_after_seconds: 5 }, loggable(error))
}

/** Runs storage calls with their failures translated. */
export async function onStorage<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw translate(error)
  }
}
