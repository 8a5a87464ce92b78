import { isProbeId, type Meter, newId, type UsageEntry, type UsageStore } from '@calotype/core'

const FLUSH_MS = 1_000
/** Distinct project and purpose pairs between two flushes; past it a flush comes early. */
const MAX_PENDING = 1_000

export interface UsageMeter extends Meter {
  /** Writes what is pending and stops. */
  close(): Promise<void>
}

/** Sums calls up for a second and writes one entry per project and purpose, each with a cause of its own. */
export function createUsageMeter(usage: UsageStore, onError: (error: unknown) => void): UsageMeter {
  let pending = new Map<string, UsageEntry>()
  const flush = async () => {
    if (pending.size === 0) return
    const entries = [...pending.values()]
    pending = new Map()
    await usage.record(entries).catch(onError)
  }
  const timer = setInterval(() => void flush(), FLUSH_MS)
  timer.unref()
  return {
    count(by, used) {
      // Care reads every project's objects, and probes belong to none; that is nobody's usage.
      if (by.projectId === '' || isProbeId(by.projectId)) return
      const key = `${by.projectId}:${by.purpose}`
      const sum = pending.get(key) ?? { projectId: by.projectId, purpose: by.purpose, cause: `calls:${newId()}` }
      sum.puts = (sum.puts ?? 0) + (used.puts ?? 0)
      sum.gets = (sum.gets ?? 0) + (used.gets ?? 0)
      sum.deliveredBytes = (sum.deliveredBytes ?? 0) + (used.deliveredBytes ?? 0)
      pending.set(key, sum)
      if (pending.size > MAX_PENDING) void flush()
    },
    async close() {
      clearInterval(timer)
      await flush()
    },
  }
}
