import { isId, originalKey } from '@calotype/core'
import { fieldOf, textOf } from '../client/field-of.ts'

/** Storage says that an upload is there. Its size is what storage says; only storage itself is believed afterwards. */
export interface StoredObjectEvent {
  objectKey: string
  imageId: string
  sizeBytes: number | null
  /** When the object was made, by the storage's clock. */
  at: Date | null
}

/** `retry` leaves the event for redelivery. A rejection counts as that, and is logged. */
export type StorageEventHandler = (event: StoredObjectEvent) => Promise<'done' | 'retry'>

/** What one message said: events for us, and why the rest is not. */
export interface ParsedMessage {
  events: readonly StoredObjectEvent[]
  ignored: readonly string[]
}

const SOURCE = /^(aws|ceph|minio):s3$/
/** Some storages write `s3:ObjectCreated:Put`. */
const CREATED = /^(s3:)?ObjectCreated:[A-Za-z]+$/

/** Reads a message of S3's. Whatever is not an upload of ours is named in `ignored` and never an error: it must not poison the queue. */
export function parseStorageMessage(body: string, bucket: string): ParsedMessage {
  let message: unknown
  try {
    message = JSON.parse(body)
  } catch {
    return { events: [], ignored: ['no JSON'] }
  }
  if (textOf(fieldOf(message, 'Event')) === 's3:TestEvent') return { events: [], ignored: ['s3:TestEvent'] }
  const records = fieldOf(message, 'Records')
  if (!Array.isArray(records)) return { events: [], ignored: ['no records'] }
  const parsed = records.map((record: unknown) => parseRecord(record, bucket))
  return {
    events: parsed.filter(each => typeof each !== 'string'),
    ignored: parsed.filter(each => typeof each === 'string'),
  }
}

/** The event, or why it is none of ours. */
function parseRecord(record: unknown, bucket: string): StoredObjectEvent | string {
  if (!SOURCE.test(textOf(fieldOf(record, 'eventSource')))) return 'another source'
  if (!CREATED.test(textOf(fieldOf(record, 'eventName')))) return 'another event'
  const s3 = fieldOf(record, 's3')
  if (textOf(fieldOf(fieldOf(s3, 'bucket'), 'name')) !== bucket) return 'another bucket'
  const object = fieldOf(s3, 'object')
  const objectKey = decodeKey(textOf(fieldOf(object, 'key')))
  const imageId = objectKey?.split('/')[1] ?? ''
  if (!isId(imageId) || objectKey !== originalKey(imageId)) return 'another key'
  const size = fieldOf(object, 'size')
  const sizeBytes = typeof size === 'number' && Number.isSafeInteger(size) && size >= 0 ? size : null
  const at = new Date(textOf(fieldOf(record, 'eventTime')))
  return { objectKey, imageId, sizeBytes, at: Number.isNaN(at.getTime()) ? null : at }
}

/** Keys in events are encoded like form fields: `+` is a space. Null for what is not well encoded. */
function decodeKey(encoded: string): string | null {
  try {
    return decodeURIComponent(encoded.replaceAll('+', ' '))
  } catch {
    return null
  }
}
