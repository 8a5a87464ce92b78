import type { Readable } from 'node:stream'

/** Whose bytes a call moves and why, so that usage can be metered per project (law of metering). */
export interface BlobPurpose {
  projectId: string
  purpose: 'original' | 'variant' | 'delivery' | 'care'
}

/** What was written: the exact byte count and the SHA-256 (lower-case hex) of the bytes as they passed. */
export interface StoredBlob {
  sizeBytes: number
  sha256: string
}

export interface BlobInfo {
  key: string
  sizeBytes: number
  modifiedAt: Date
  /** Lower-case hex where storage itself checked it when the bytes arrived; by `head` only. */
  sha256?: string | null
}

export interface PutOptions {
  /** More bytes than this abort the write, leave nothing behind and reject with `file_too_large`. */
  maxBytes: number
  contentType: string
  /** Another length or hash than these aborts the write and rejects with `size_mismatch` or `checksum_mismatch`. */
  expect?: { sizeBytes?: number; sha256?: string }
  /** One use: rejects with `upload_already_received` when the key is taken, and leaves what is there alone. */
  ifAbsent?: boolean
}

/** A whole small object in memory. */
export interface WholeBlob {
  bytes: Buffer
  modifiedAt: Date
}

/**
 * Objects by key. Keys are slash-separated, minted by the server, at most 512 bytes. A write becomes visible whole or not at all.
 * Failures of the storage itself reject with a DomainError of kind `storage` or `network`.
 */
export interface BlobStore {
  /** Where objects of this store live, e.g. `disk://` or `s3://bucket/`; a key appended to it is the storage URI. */
  readonly uriPrefix: string
  /** Streams a body under a key, replacing what was there. */
  put(key: string, body: Readable, options: PutOptions, by: BlobPurpose): Promise<StoredBlob>
  /** Puts a local file under a key; the file may be consumed (moved) by the store. */
  putFile(key: string, path: string, contentType: string, by: BlobPurpose): Promise<void>
  head(key: string, by: BlobPurpose): Promise<BlobInfo | null>
  /** The bytes `start`–`end` (both inclusive) or all of them; null when there is no such object. */
  read(key: string, range: { start: number; end: number } | null, by: BlobPurpose): Promise<Readable | null>
  /** A small object in one go; null when there is none, `too_large` when it has more than `maxBytes` bytes. */
  readWhole(key: string, maxBytes: number, by: BlobPurpose): Promise<WholeBlob | 'too_large' | null>
  /** Brings an object to a local path that does not exist yet; false when there is no such object. */
  fetchToFile(key: string, path: string, by: BlobPurpose): Promise<boolean>
  /** Removes objects; those already gone count as removed. Resolves with the keys that could not be removed. */
  remove(keys: readonly string[], by: BlobPurpose): Promise<readonly string[]>
  /** Objects under a prefix in byte order of their keys. */
  list(prefix: string, by: BlobPurpose): AsyncIterable<BlobInfo>
  /** Resolves when the store answers; rejects otherwise. */
  check(): Promise<void>
}
