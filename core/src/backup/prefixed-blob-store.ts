import type { BlobInfo, BlobStore } from '../blob-store.ts'

/** The part of a store below a prefix, as a store of its own. */
export function prefixBlobStore(blobs: BlobStore, prefix: string): BlobStore {
  const inside = (info: BlobInfo): BlobInfo => ({ ...info, key: info.key.slice(prefix.length) })
  return {
    uriPrefix: blobs.uriPrefix + prefix,
    put: (key, body, options, by) => blobs.put(prefix + key, body, options, by),
    putFile: (key, path, contentType, by) => blobs.putFile(prefix + key, path, contentType, by),
    head: async (key, by) => {
      const info = await blobs.head(prefix + key, by)
      return info && inside(info)
    },
    read: (key, range, by) => blobs.read(prefix + key, range, by),
    readWhole: (key, maxBytes, by) => blobs.readWhole(prefix + key, maxBytes, by),
    fetchToFile: (key, path, by) => blobs.fetchToFile(prefix + key, path, by),
    remove: async (keys, by) => {
      const failed = await blobs.remove(
        keys.map(key => prefix + key),
        by,
      )
      return failed.map(key => key.slice(prefix.length))
    },
    list: async function* (within, by) {
      for await (const info of blobs.list(prefix + within, by)) yield inside(info)
    },
    check: () => blobs.check(),
  }
}
