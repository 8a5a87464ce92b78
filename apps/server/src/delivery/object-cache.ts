import { type ByteCache, createByteCache } from '../byte-cache.ts'

/** A small object as it is served, kept in memory. */
export interface CachedObject {
  bytes: Buffer
  etag: string
  contentType: string
  /** The headers that every whole answer with it has, as lines. */
  head: string
}

/** Small hot variants are served from here. */
export type ObjectCache = ByteCache<CachedObject>

export const createObjectCache = (maxBytes: number): ObjectCache =>
  createByteCache(maxBytes, object => object.bytes.byteLength)
