import type { BlobPurpose, BlobStore } from '../blob-store.ts'
import type { UsageEntry } from './usage-store.ts'

/** What a blob call cost, as it happens; calls are summed up before they are written. */
export interface Meter {
  count(by: BlobPurpose, usage: Pick<UsageEntry, 'puts' | 'gets' | 'deliveredBytes'>): void
}

/** A blob store that counts every call for the project that caused it (law of metering). */
export function meterBlobStore(blobs: BlobStore, meter: Meter): BlobStore {
  return {
    uriPrefix: blobs.uriPrefix,
    put: (key, body, options, by) => {
      meter.count(by, { puts: 1 })
      return blobs.put(key, body, options, by)
    },
    putFile: (key, path, contentType, by) => {
      meter.count(by, { puts: 1 })
      return blobs.putFile(key, path, contentType, by)
    },
    head: (key, by) => {
      meter.count(by, { gets: 1 })
      return blobs.head(key, by)
    },
    read: (key, range, by) => {
      meter.count(by, { gets: 1 })
      return blobs.read(key, range, by)
    },
    readWhole: (key, maxBytes, by) => {
      meter.count(by, { gets: 1 })
      return blobs.readWhole(key, maxBytes, by)
    },
    fetchToFile: (key, path, by) => {
      meter.count(by, { gets: 1 })
      return blobs.fetchToFile(key, path, by)
    },
    remove: (keys, by) => blobs.remove(keys, by),
    list: (prefix, by) => {
      meter.count(by, { puts: 1 })
      return blobs.list(prefix, by)
    },
    check: () => blobs.check(),
  }
}
