import type { Clock } from '../../clock.ts'
import type { SharedCache } from '../../shared-cache.ts'

/** The memory of a world of one process; `lose` makes it forget. */
export function createMemorySharedCache(clock: Clock): SharedCache & { lose(): void; keys(): readonly string[] } {
  const entries = new Map<string, { text: string; until: number }>()
  return {
    get: async key => {
      const entry = entries.get(key)
      return entry && clock.now().getTime() < entry.until ? entry.text : null
    },
    put: (key, text, seconds) => void entries.set(key, { text, until: clock.now().getTime() + seconds * 1000 }),
    lose: () => entries.clear(),
    keys: () => [...entries.keys()],
  }
}
