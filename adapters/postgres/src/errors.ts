import { DomainError, notFound } from '@calotype/core'

export const databaseUnavailable = (cause?: unknown): DomainError =>
  new DomainError(
    'network',
    'database_unavailable',
    'The database did not answer. Nothing was lost; try again.',
    { retry_after_seconds: 5 },
    cause,
  )

const databaseBusy = (cause: unknown): DomainError =>
  new DomainError(
    'overloaded',
    'overloaded',
    'The database has too much to do. Try again in a moment.',
    { retry_after_seconds: 1 },
    cause,
  )

export const databaseTooNew = (compatibleFrom: number, version: number): DomainError =>
  new DomainError(
    'internal',
    'database_too_new',
    `This database was migrated by a newer Calotype: it needs schema version ${compatibleFrom} or later, this program ` +
      `has version ${version}. Start the newer program.`,
    { limit: version, actual: compatibleFrom },
  )

export const invalidCursor = (): DomainError =>
  new DomainError('invalid', 'invalid_cursor', 'This event id is none of ours. Subscribe again without Last-Event-ID.')

/** A defect of the caller: it could wait for the pool for ever, so it fails at once. */
export const outsideTransaction = (): Error =>
  new Error('The outer stores were used inside an open transaction. Use the stores that `transaction` passes.')

const UNREACHABLE: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  // The server shuts down, crashed, starts up, or has no connection left.
  '57P01',
  '57P02',
  '57P03',
  '53300',
  // It ended a transaction that had been idle for too long.
  '25P03',
])
/** What `pg` says without a code. */
const LOST_CONNECTION =
  /^(Connection terminated|Query read timeout|Client has encountered a connection error|Client was closed)/
/** Statement cancelled by its time limit, lock not had in time. */
const BUSY: ReadonlySet<string> = new Set(['57014', '55P03'])
const POOL_EXHAUSTED = 'timeout exceeded when trying to connect'
/** Serialization failure and deadlock: the same transaction may well succeed the next time. */
const RETRYABLE: ReadonlySet<string> = new Set(['40001', '40P01'])

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

/** Whether the connection under this error is gone or no longer to be trusted. */
export const isConnectionLoss = (error: unknown): boolean => {
  const code = codeOf(error)
  if (UNREACHABLE.has(code) || code.startsWith('08')) return true
  return error instanceof Error && LOST_CONNECTION.test(error.message)
}

/** Whether the server ended the transaction in a way that another try may mend, translated or not. */
export const isRetryable = (error: unknown): boolean =>
  RETRYABLE.has(codeOf(error instanceof DomainError ? error.cause : error))

/** Something was written into a project that was removed at the same moment. */
const isIntoRemovedProject = (error: unknown): boolean =>
  codeOf(error) === '23503' && error instanceof Error && /_project_id_fkey"/.test(error.message)

/** What the rest of the program sees of a failed query. Anything unknown is a defect and passes as it is. */
export function translateError(error: unknown): unknown {
  if (error instanceof DomainError) return error
  if (isConnectionLoss(error)) return databaseUnavailable(error)
  if (isIntoRemovedProject(error)) return notFound()
  if (BUSY.has(codeOf(error)) || isRetryable(error)) return databaseBusy(error)
  if (error instanceof Error && error.message === POOL_EXHAUSTED) return databaseBusy(error)
  return error
}
