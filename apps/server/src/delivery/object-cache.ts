/** A small object as it is served, kept in memory. */
export interface CachedObject {
  bytes: Buffer
  etag: string
  contentType: string
  /** The headers that every whole answer with it has, as lines. */
  head: string
}

/** Least recently used out first, bounded by bytes: small hot variants are served from here. */
export interface ObjectCache {
  get(key: string): CachedObject | undefined
  set(key: string, object: CachedObject): void
  /** Forgets every object whose key begins so. */
  forget(prefix: string): void
  readonly sizeBytes: number
}

/** What an entry weighs besides its bytes. */
const ENTRY_OVERHEAD = 512

export function createObjectCache(maxBytes: number): ObjectCache {
  const entries = new Map<string, CachedObject>()
  let sizeBytes = 0
  const drop = (key: string, object: CachedObject) => {
    if (entries.delete(key)) sizeBytes -= object.bytes.byteLength + ENTRY_OVERHEAD
  }
  return {
    get(key) {
      const object = entries.get(key)
      if (object) {
        entries.delete(key)
        entries.set(key, object)
      }
      return object
    },
    set(key, object) {
      const weight = object.bytes.byteLength + ENTRY_OVERHEAD
      if (weight > maxBytes) return
      const former = entries.get(key)
      if (former) drop(key, former)
      entries.set(key, object)
      sizeBytes += weight
      for (const [oldest, old] of entries) {
        if (sizeBytes <= maxBytes) break
        drop(oldest, old)
      }
    },
    forget(prefix) {
      for (const [key, object] of entries) if (key.startsWith(prefix)) drop(key, object)
    },
    get sizeBytes() {
      return sizeBytes
    },
  }
}
