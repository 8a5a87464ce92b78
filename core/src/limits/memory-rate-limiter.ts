import type { Clock } from '../clock.ts'
import type { RateLimiter } from './rate-limiter.ts'
import { type Slot, takeFromWindow } from './window.ts'

/** Keys counted at a time. Past it the one longest unused is forgotten, which is in its favour. */
export const MAX_RATE_KEYS = 10_000

/** Counts in this process: the default, and what is left when a shared store is away. */
export function createMemoryRateLimiter(deps: { clock: Clock }, maxKeys = MAX_RATE_KEYS): RateLimiter {
  const windows = new Map<string, Slot[]>()
  return {
    async take({ key, ...request }) {
      const { slots, verdict } = takeFromWindow(windows.get(key) ?? [], request, deps.clock.now().getTime())
      // Set anew, so that the map is ordered by last use.
      windows.delete(key)
      windows.set(key, slots)
      const oldest = windows.size > maxKeys ? windows.keys().next().value : undefined
      if (oldest !== undefined) windows.delete(oldest)
      return verdict
    },
  }
}
