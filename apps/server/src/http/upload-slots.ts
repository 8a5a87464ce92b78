import { tooManyUploads } from '@calotype/core'

/** Uploads under way in this process, up to a limit; past it callers are asked to come again (requirement U3). */
export interface UploadSlots {
  /** Holds a place while the work runs. Rejects at once with `overloaded` when all are taken. */
  hold<T>(work: () => Promise<T>): Promise<T>
}

export function createUploadSlots(limit: number): UploadSlots {
  let taken = 0
  return {
    async hold(work) {
      if (taken >= limit) throw tooManyUploads(limit)
      taken++
      try {
        return await work()
      } finally {
        taken--
      }
    },
  }
}
