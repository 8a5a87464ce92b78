import { tooMuchInFlight } from './errors.ts'

/** Uploads of one project that this process takes at a time, unless configured otherwise. */
export const DEFAULT_UPLOADS_PER_PROJECT = 32

/** Work under way by key, up to a limit each. */
export interface InFlight {
  /** Holds a place while the work runs. Rejects at once with `overloaded` when all places of the key are taken. */
  hold<T>(key: string, work: () => Promise<T>): Promise<T>
}

/** Counts in this process: the places are its own memory and sockets, so that no store has to be asked. */
export function createInFlight(limit = DEFAULT_UPLOADS_PER_PROJECT): InFlight {
  const taken = new Map<string, number>()
  return {
    async hold(key, work) {
      const count = taken.get(key) ?? 0
      if (count >= limit) throw tooMuchInFlight(limit)
      taken.set(key, count + 1)
      try {
        return await work()
      } finally {
        const left = (taken.get(key) ?? 1) - 1
        if (left > 0) taken.set(key, left)
        else taken.delete(key)
      }
    },
  }
}
