import { DomainError } from '../errors.ts'

/** 429: more than `limit` in `windowSeconds`; `retryAfterSeconds` says when it is worth asking again. */
export const rateLimited = (limit: number, windowSeconds: number, retryAfterSeconds: number): DomainError =>
  new DomainError(
    'rate_limited',
    'rate_limited',
    `At most ${limit} of these are allowed in ${windowSeconds} seconds. Try again in ${retryAfterSeconds} seconds.`,
    { limit, retry_after_seconds: retryAfterSeconds },
  )

/** 503: a project has `limit` uploads under way in this process. */
export const tooMuchInFlight = (limit: number): DomainError =>
  new DomainError(
    'overloaded',
    'overloaded',
    `This project has ${limit} uploads under way here already. Try again in a moment.`,
    { limit, retry_after_seconds: 1 },
  )
