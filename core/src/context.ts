import type { Actor } from './access/actor.ts'
import type { Once } from './idempotency/once.ts'

/** Who asks, and under which request id the work is logged: passed to every verb. */
export interface Context {
  actor: Actor
  requestId: string
  /** Where the request came from, for the security log; not known inside of jobs. */
  ip?: string | null
  /** What the caller asked to happen once, by an Idempotency-Key. */
  once?: Once
}
