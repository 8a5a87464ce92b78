import type { IdempotencyStore, KeyScope } from '../../idempotency/index.ts'
import type { MemoryKey, StateAccess } from './state.ts'

const idOf = ({ principal, route, key }: KeyScope): string => JSON.stringify([principal, route, key])

/** Idempotency keys in memory. */
export function memoryIdempotencyStore(state: StateAccess): IdempotencyStore {
  const get = (scope: KeyScope): MemoryKey | undefined => state().idempotencyKeys.get(idOf(scope))
  return {
    claim: async (scope, claim) => {
      const held = get(scope)
      const over =
        held && held.result === null && held.leaseUntil <= claim.now && held.requestHash === claim.requestHash
      if (held && held.expiresAt > claim.now && !over)
        return { requestHash: held.requestHash, result: structuredClone(held.result) }
      const { principal } = scope
      const { requestHash, token, leaseUntil, expiresAt } = claim
      const id = idOf(scope)
      state().idempotencyKeys.delete(id)
      state().idempotencyKeys.set(id, { principal, requestHash, token, leaseUntil, expiresAt, result: null })
      return null
    },
    settle: async (scope, token, result) => {
      const held = get(scope)
      if (held?.token !== token) return false
      held.result = structuredClone(result)
      return true
    },
    release: async (scope, token) => {
      const held = get(scope)
      if (held?.token === token && held.result === null) state().idempotencyKeys.delete(idOf(scope))
    },
    prune: async (now, keepPerPrincipal) => {
      const kept = new Map<string, number>()
      let removed = 0
      // Newest first: keys are held in the order in which they were claimed.
      for (const [id, { principal, expiresAt }] of [...state().idempotencyKeys].reverse()) {
        const count = (kept.get(principal) ?? 0) + 1
        kept.set(principal, count)
        if (expiresAt > now && count <= keepPerPrincipal) continue
        state().idempotencyKeys.delete(id)
        removed++
      }
      return removed
    },
  }
}
