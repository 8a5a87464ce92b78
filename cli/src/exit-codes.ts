import { CalotypeError } from '@calotype/sdk'

/** What kind of failure ended a command: scripts decide on its exit code. */
export type FailureKind =
  | 'failed'
  | 'usage'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'refused'
  | 'busy'
  | 'unreachable'
  | 'differs'

/** Every kind has its own exit code; they are part of the help text and never change. */
export const EXIT_CODES: Record<FailureKind, number> = {
  failed: 1,
  usage: 2,
  unauthorized: 3,
  forbidden: 4,
  not_found: 5,
  conflict: 6,
  refused: 7,
  busy: 8,
  unreachable: 9,
  differs: 10,
}

export const EXIT_MEANINGS: Record<FailureKind, string> = {
  failed: 'something went wrong on the way',
  usage: 'the command was not understood',
  unauthorized: 'the key is missing or no longer good',
  forbidden: 'the key may not do this',
  not_found: 'there is nothing under this id',
  conflict: 'something else was faster, or is still running',
  refused: 'the server does not take this',
  busy: 'the server asks to come back later',
  unreachable: 'no answer from the server',
  differs: 'the check found something: look at the report',
}

/** A failure of the command line itself, told in one sentence. */
export class CommandError extends Error {
  readonly kind: FailureKind

  constructor(kind: FailureKind, message: string) {
    super(message)
    this.name = 'CommandError'
    this.kind = kind
  }
}

const BY_STATUS: Readonly<Record<number, FailureKind>> = {
  ...{ 0: 'unreachable', 401: 'unauthorized', 403: 'forbidden', 404: 'not_found', 409: 'conflict', 410: 'not_found' },
  ...{ 429: 'busy', 503: 'busy' },
}

/** Of which kind a failure is. */
export function kindOf(error: unknown): FailureKind {
  if (error instanceof CommandError) return error.kind
  if (!(error instanceof CalotypeError)) return 'failed'
  return BY_STATUS[error.status] ?? (error.status >= 400 && error.status < 500 ? 'refused' : 'failed')
}
