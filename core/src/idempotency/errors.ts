import { DomainError } from '../errors.ts'

export const keyReused = (): DomainError =>
  new DomainError(
    'conflict',
    'idempotency_key_reused',
    'This Idempotency-Key was used for another request already. Take a new key for a new request.',
    { reason: 'idempotency_key' },
  )

export const stillRunning = (): DomainError =>
  new DomainError(
    'conflict',
    'conflict',
    'A request with this Idempotency-Key is still running. Repeat it in a moment to get its answer.',
    { reason: 'idempotency_key' },
  )

export const invalidKey = (maxLength: number): DomainError =>
  new DomainError('invalid', 'invalid_request', `An Idempotency-Key has 1 to ${maxLength} visible ASCII characters.`, {
    reason: 'idempotency_key',
    limit: maxLength,
  })
