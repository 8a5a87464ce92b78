import {
  type BlobPurpose,
  FORMAT_CONTENT_TYPES,
  FORMAT_EXTENSIONS,
  isAnimatedKey,
  negotiateFormats,
  type VariantFormat,
} from '@calotype/core'
import type { Deps } from '../deps.ts'
import { SAFE_HEADERS } from '../http/send-object.ts'
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
export type Delivered =
  | { kind: 'whole'; object: CachedObject; cached: boolean }
  | { kind: 'large'; objectKey: string; contentType: string; sizeBytes: number; etag: string }

/** Strong: a key is immutable, so key and length name the bytes. */
const etagOf = (objectKey: string, sizeBytes: number): string =>
  `"${objectKey.split('/').slice(2).join('-')}-${sizeBytes}"`

/** The formats to try. Of an animation there is no AVIF, and nobody is asked for one. */
function formatsOf(key: DeliveryKey, accept: string | undefined): readonly VariantFormat[] {
  if (key.format) return [key.format]
  const formats = negotiateFormats(accept)
  return isAnimatedKey(key.objectKey) ? formats.filter(format => format !== 'avif') : formats
}

const objectKeyOf = (key: DeliveryKey, format: VariantFormat): string =>
  key.format ? key.objectKey : `${key.objectKey}.${FORMAT_EXTENSIONS[format]}`

/** The object for a key if it is in memory; null says nothing about whether it exists. */
export function findCached(cache: ObjectCache, key: DeliveryKey, accept: string | undefined): CachedObject | null {
  const [first] = formatsOf(key, accept)
  return (first && cache.get(objectKeyOf(key, first))) ?? null
}

/** Finds the object for a key: the first format that the client takes and that exists. Null when there is none. */
export async function findDelivery(
  deps: Pick<Deps, 'blobs'>,
  cache: ObjectCache,
  key: DeliveryKey,
  accept: string | undefined,
): Promise<Delivered | null> {
  const by = { projectId: key.projectId, purpose: 'delivery' as const }
  for (const format of formatsOf(key, accept)) {
    const objectKey = objectKeyOf(key, format)
    const cached = cache.get(objectKey)
    if (cached) return { kind: 'whole', object: cached, cached: true }
    const found = await load(deps, objectKey, FORMAT_CONTENT_TYPES[format], by)
    if (found?.kind === 'whole') cache.set(objectKey, found.object)
    if (found) return found
  }
  return null
}

async function load(
  deps: Pick<Deps, 'blobs'>,
  objectKey: string,
  contentType: string,
  by: BlobPurpose,
): Promise<Delivered | null> {
  const whole = await deps.blobs.readWhole(objectKey, MAX_CACHED_OBJECT_BYTES, by)
  if (whole === null) return null
  if (whole === 'too_large') {
    const info = await deps.blobs.head(objectKey, by)
    if (!info) return null
    const { sizeBytes } = info
    return { kind: 'large', objectKey, contentType, sizeBytes, etag: etagOf(objectKey, sizeBytes) }
  }
  const etag = etagOf(objectKey, whole.bytes.byteLength)
  const head = headLines({
    ...SAFE_HEADERS,
    etag,
    'accept-ranges': 'bytes',
    'content-type': contentType,
    'content-length': String(whole.bytes.byteLength),
  })
  return { kind: 'whole', object: { bytes: whole.bytes, etag, contentType, head }, cached: false }
}

/** Header fields of ours as lines; none of them has a character that needs care. */
const headLines = (fields: Record<string, string>): string =>
  Object.entries(fields)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')
