import { createWriteStream } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { CopyObjectCommand, HeadBucketCommand, HeadObjectCommand } from '@aws-sdk/client-s3'
import {
  type BlobInfo,
  type BlobPurpose,
  type BlobStore,
  storageUnavailable,
  uploadAlreadyReceived,
  type WholeBlob,
} from '@calotype/core'
import { DEFAULT_TIMEOUTS } from '../client/connection.ts'
import { onStorage, statusOf } from '../client/failures.ts'
import { type AwsLog, silentLog } from '../client/log.ts'
import { realSleep } from '../client/retries.ts'
import { cacheControlFor, DEFAULT_MAX_AGE, type VariantMaxAge } from './cache-control.ts'
import { listObjects } from './list-objects.ts'
import { checkKey, checkPrefix } from './object-key.ts'
import { putObject } from './put-object.ts'
import { isBucketMissing, openObject, type Source } from './read-object.ts'
import { removeObjects } from './remove-objects.ts'
import { createS3Client, type S3Connection } from './s3-client.ts'
import type { Target } from './write-target.ts'

export interface S3BlobStoreConfig extends S3Connection {
  log?: AwsLog | undefined
  /** How long caches may keep variants; by default a year, and JPEG a day. */
  maxAge?: VariantMaxAge | undefined
}

export interface S3BlobInfo extends BlobInfo {
  /** Lower-case hex where storage itself checked it on arrival: uploads whose URL was bound to a SHA-256. */
  sha256: string | null
}

export interface S3BlobStore extends BlobStore {
  head(key: string, by: BlobPurpose): Promise<S3BlobInfo | null>
  /** Copies an object of up to 5 GiB inside the storage, replacing what was there; false when there is no such object. */
  copy(from: string, to: string, by: BlobPurpose): Promise<boolean>
  /** Lets go of idle connections. */
  close(): void
}

/** Objects in a bucket. The caller needs the rights to get, put, delete and list: without the last, S3 answers 403 for what is not there. */
export function createS3BlobStore(config: S3BlobStoreConfig): S3BlobStore {
  const client = createS3Client(config)
  // Health is asked every few seconds, by callers who want to know about now.
  const probe = createS3Client({ ...config, timeouts: { ...config.timeouts, connect: 2_000, answer: 5_000 } }, 'none')
  const { bucket, log = silentLog } = config
  const where = { client, bucket, log }
  const idleMs = config.timeouts?.idle ?? DEFAULT_TIMEOUTS.idle
  const targetOf = (key: string, contentType: string, ifAbsent = false): Target => ({
    ...{ ...where, key: checkKey(key), contentType, ifAbsent },
    cacheControl: cacheControlFor(key, config.maxAge ?? DEFAULT_MAX_AGE),
  })
  const from = (key: string): Source => ({ ...where, key: checkKey(key), idleMs, sleep: config.sleep ?? realSleep })
  return {
    uriPrefix: `s3://${bucket}/`,
    put: (key, body, options) =>
      onStorage(async () => {
        const target = targetOf(key, options.contentType, options.ifAbsent)
        // Asked early to spare the transfer; the condition on the write is what decides.
        if (target.ifAbsent && (await head(from(key)))) throw uploadAlreadyReceived()
        return putObject(target, body, options)
      }),
    putFile: (key, path, contentType) =>
      onStorage(async () => {
        const target = targetOf(key, contentType)
        const body = await openFile(path)
        try {
          await putObject(target, body, { maxBytes: Number.POSITIVE_INFINITY, contentType })
        } finally {
          body.destroy()
        }
      }),
    head: key => onStorage(async () => head(from(key))),
    read: (key, range) => onStorage(async () => read(from(key), range)),
    readWhole: (key, maxBytes) => onStorage(async () => readWhole(from(key), maxBytes)),
    fetchToFile: (key, path) => onStorage(async () => fetchToFile(from(key), path)),
    copy: (key, to) => onStorage(async () => copy(from(key), checkKey(to))),
    remove: keys => onStorage(async () => removeObjects(where, keys.map(checkKey))),
    list: prefix => listObjects(where, checkPrefix(prefix)),
    check: () =>
      onStorage(async () => {
        await probe.send(new HeadBucketCommand({ Bucket: bucket }))
      }),
    close: () => {
      client.destroy()
      probe.destroy()
    },
  }
}

async function head({ client, bucket, key }: Source): Promise<S3BlobInfo | null> {
  try {
    const found = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key, ChecksumMode: 'ENABLED' }))
    const { ContentLength: sizeBytes = 0, LastModified: modifiedAt = new Date(0), ChecksumSHA256 } = found
    return { key, sizeBytes, modifiedAt, sha256: wholeChecksum(ChecksumSHA256) }
  } catch (error) {
    if (statusOf(error) === 404 && !isBucketMissing(error)) return null
    throw error
  }
}

/** Null for the checksum of checksums that multipart uploads have. */
function wholeChecksum(base64: string | undefined): string | null {
  if (base64 === undefined || !/^[A-Za-z0-9+/]{43}=$/.test(base64)) return null
  return Buffer.from(base64, 'base64').toString('hex')
}

async function read(source: Source, range: { start: number; end: number } | null): Promise<Readable | null> {
  const found = await openObject(source, range)
  return found === null || found === 'too_large' ? null : found.stream
}

async function readWhole(source: Source, maxBytes: number): Promise<WholeBlob | 'too_large' | null> {
  const found = await openObject(source, null, maxBytes)
  if (found === null || found === 'too_large') return found
  const chunks: Buffer[] = []
  for await (const chunk of found.stream) chunks.push(chunk)
  return { bytes: Buffer.concat(chunks), modifiedAt: found.modifiedAt }
}

async function fetchToFile(source: Source, path: string): Promise<boolean> {
  const body = await read(source, null)
  if (!body) return false
  const file = createWriteStream(path, { flags: 'wx' })
  let made = false
  file.once('open', () => {
    made = true
  })
  try {
    await pipeline(body, file)
  } catch (error) {
    // Only what was made here: a file that was there before is the caller's.
    if (made) await rm(path, { force: true })
    throw error
  }
  return true
}

/** A local file as a body. A disk that fails while it is read is no fault of the caller's. */
async function openFile(path: string): Promise<Readable> {
  const file = await open(path, 'r')
  return Readable.from(
    (async function* () {
      try {
        yield* file.createReadStream({ highWaterMark: 256 * 1024 })
      } catch (error) {
        throw storageUnavailable(error)
      }
    })(),
  )
}

async function copy({ client, bucket, key }: Source, to: string): Promise<boolean> {
  try {
    // Keys are plain ASCII, so that nothing in the source needs escaping.
    await client.send(new CopyObjectCommand({ Bucket: bucket, Key: to, CopySource: `${bucket}/${key}` }))
    return true
  } catch (error) {
    if (statusOf(error) === 404 && !isBucketMissing(error)) return false
    throw error
  }
}
