import {
  type BlobPurpose,
  FORMAT_CONTENT_TYPES,
  FORMAT_EXTENSIONS,
  negotiateFormats,
  type VariantFormat,
} from '@calotype/core'
import type { Deps } from '../deps.ts'
import type { CachedObject, ObjectCache } from './object-cache.ts'

/** Objects up to this size are read whole and kept in memory while they are hot; larger ones are streamed. */
export const MAX_CACHED_OBJECT_BYTES = 512 * 1024

/** Where a delivered object is, by its key: `{visibility}/{project}/{image}/{recipe}/{name}`, with or without an extension. */
export interface DeliveryKey {
  objectKey: string
  projectId: string
  imageId: string
  /** The one format of the key; null where it is negotiated. */
  format: VariantFormat | null
}

const KEY =
  /^(?:private|public)\/([0-9A-Z]{26})\/([0-9A-Z]{26})\/[a-z0-9-]{1,64}\/[a-z][a-z0-9_-]{0,63}(?:\.(avif|webp|jpg))?$/
const FORMAT_OF_EXTENSION: Record<string, VariantFormat> = { avif: 'avif', webp: 'webp', jpg: 'jpeg' }

/** Null for a path that no object of ours can have. */
export function parseDeliveryKey(objectKey: string): DeliveryKey | null {
  const match = KEY.exec(objectKey)
  if (!match) return null
  const [, projectId = '', imageId = '', extension] = match
  return { objectKey, projectId, imageId, format: extension ? (FORMAT_OF_EXTENSION[extension] ?? null) : null }
}

/** What is delivered: small objects with their bytes, large ones with their size, to be streamed. */
export type Delivered = { objectKey: string; contentType: string } & (
  | { kind: 'whole'; object: CachedObject }
  | { kind: 'large'; sizeBytes: number; etag: string }
)

/** Strong: a key is immutable, so key and length name the bytes. */
const etagOf = (objectKey: string, sizeBytes: number): string =>
  `"${objectKey.split('/').slice(2).join('-')}-${sizeBytes}"`

/** Finds the object for a key: the first format that the client takes and that exists. Null when there is none. */
export async function findDelivery(
  deps: Pick<Deps, 'blobs'>,
  cache: ObjectCache,
  key: DeliveryKey,
  accept: string | undefined,
): Promise<Delivered | null> {
  const by = { projectId: key.projectId, purpose: 'delivery' as const }
  for (const format of key.format ? [key.format] : negotiateFormats(accept)) {
    const objectKey = key.format ? key.objectKey : `${key.objectKey}.${FORMAT_EXTENSIONS[format]}`
    const found = cache.get(objectKey) ?? (await load(deps, cache, objectKey, by))
    if (!found) continue
    const contentType = FORMAT_CONTENT_TYPES[format]
    return 'bytes' in found
      ? { kind: 'whole', objectKey, contentType, object: found }
      : { kind: 'large', objectKey, contentType, ...found }
  }
  return null
}

async function load(deps: Pick<Deps, 'blobs'>, cache: ObjectCache, objectKey: string, by: BlobPurpose) {
  const whole = await deps.blobs.readWhole(objectKey, MAX_CACHED_OBJECT_BYTES, by)
  if (whole === null) return null
  if (whole === 'too_large') {
    const info = await deps.blobs.head(objectKey, by)
    return info && { sizeBytes: info.sizeBytes, etag: etagOf(objectKey, info.sizeBytes) }
  }
  const object = { bytes: whole.bytes, etag: etagOf(objectKey, whole.bytes.byteLength) }
  cache.set(objectKey, object)
  return object
}
