import type { KeyScope } from './idempotency-store.ts'

/** A caller's wish that a creation happens once, and, while it runs, the claim on its key. */
export interface Once {
  /** Method and path pattern. */
  route: string
  key: string
  claim?: { scope: KeyScope; token: string; settled: boolean }
}
