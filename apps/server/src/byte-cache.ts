/** Least recently used out first, bounded by bytes. */
export interface ByteCache<Entry> {
  get(key: string): Entry | undefined
  set(key: string, entry: Entry): void
  /** Forgets every entry whose key begins so. */
  forget(prefix: string): void
  readonly sizeBytes: number
}

/** What an entry weighs besides its bytes. */
const ENTRY_OVERHEAD = 512

/** A cache of at most `maxBytes` (0: none at all), where an entry weighs what `bytesOf` says. */
export function createByteCache<Entry>(maxBytes: number, bytesOf: (entry: Entry) => number): ByteCache<Entry> {
  const entries = new Map<string, Entry>()
  const weigh = (entry: Entry) => bytesOf(entry) + ENTRY_OVERHEAD
  let sizeBytes = 0
  const drop = (key: string, entry: Entry) => {
    if (entries.delete(key)) sizeBytes -= weigh(entry)
  }
  return {
    get(key) {
      const entry = entries.get(key)
      if (entry !== undefined) {
        entries.delete(key)
        entries.set(key, entry)
      }
      return entry
    },
    set(key, entry) {
      const weight = weigh(entry)
      if (weight > maxBytes) return
      const former = entries.get(key)
      if (former !== undefined) drop(key, former)
      entries.set(key, entry)
      sizeBytes += weight
      for (const [oldest, old] of entries) {
        if (sizeBytes <= maxBytes) break
        drop(oldest, old)
      }
    },
    forget(prefix) {
      for (const [key, entry] of entries) if (key.startsWith(prefix)) drop(key, entry)
    },
    get sizeBytes() {
      return sizeBytes
    },
  }
}
