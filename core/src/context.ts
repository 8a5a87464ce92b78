import type { Actor } from './access/actor.ts'

/** Who asks, and under which request id the work is logged: passed to every verb. */
export interface Context {
  actor: Actor
  requestId: string
  /** Where the request came from, for the security log; not known inside of jobs. */
  ip?: string | null
}
