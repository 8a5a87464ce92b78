import { Readable } from 'node:stream'
import { GetObjectCommand, type GetObjectCommandOutput, type S3Client } from '@aws-sdk/client-s3'
import { storageUnavailable } from '@calotype/core'
import { classify, statusOf, translate } from '../client/failures.ts'
import { NETWORK_DELAYS_MS, type Sleep } from '../client/retries.ts'

export interface Source {
  client: S3Client
  bucket: string
  key: string
  /** Milliseconds without a byte after which a body counts as cut. */
  idleMs: number
  sleep: Sleep
}

export interface ByteRange {
  start: number
  end: number
}

/** An object as storage answers it; null when there is none, `beyond` when the range begins behind its end. */
export async function getObject(
  source: Source,
  range: { start: number; end?: number } | null,
  etag?: string,
): Promise<GetObjectCommandOutput | 'beyond' | null> {
  const bytes = range === null ? {} : { Range: `bytes=${range.start}-${range.end ?? ''}` }
  try {
    return await source.client.send(
      new GetObjectCommand({ Bucket: source.bucket, Key: source.key, ...bytes, ...(etag ? { IfMatch: etag } : {}) }),
    )
  } catch (error) {
    if (statusOf(error) === 404 && !isBucketMissing(error)) return null
    if (statusOf(error) === 416) return 'beyond'
    throw error
  }
}

export const isBucketMissing = (error: unknown): boolean => error instanceof Error && error.name === 'NoSuchBucket'

export interface OpenObject {
  sizeBytes: number
  modifiedAt: Date
  stream: Readable
}

/**
 * The bytes of an object as a stream that survives lost connections: it asks for the rest of the very same object again, as often as
 * requirement O4 says. Null when there is none; `too_large` when there are more than `maxBytes`. The stream fails with a DomainError.
 */
export async function openObject(
  source: Source,
  range: ByteRange | null,
  maxBytes = Number.POSITIVE_INFINITY,
): Promise<OpenObject | 'too_large' | null> {
  const answer = await getObject(source, range)
  if (answer === null) return null
  if (answer === 'beyond') return { sizeBytes: 0, modifiedAt: new Date(0), stream: Readable.from([]) }
  const { ContentLength: sizeBytes = 0, LastModified: modifiedAt = new Date(0) } = answer
  if (sizeBytes > maxBytes) {
    if (answer.Body instanceof Readable) answer.Body.destroy()
    return 'too_large'
  }
  // Bytes, not objects: the high-water mark would count chunks.
  const stream = Readable.from(wholeBody(source, range, answer), { objectMode: false, highWaterMark: 256 * 1024 })
  return { sizeBytes, modifiedAt, stream }
}

async function* wholeBody(source: Source, range: ByteRange | null, first: GetObjectCommandOutput) {
  const from = range?.start ?? 0
  const expected = first.ContentLength ?? null
  let answer = first
  let passed = 0
  for (let failures = 0; ; failures++) {
    try {
      for await (const chunk of chunksOf(answer, source.idleMs)) {
        passed += chunk.length
        yield chunk
      }
      return
    } catch (error) {
      const wait = NETWORK_DELAYS_MS[failures]
      if (classify(error) !== 'network' || wait === undefined || expected === null) throw translate(error)
      if (passed >= expected) return
      await source.sleep(wait)
      answer = await resume(source, { start: from + passed, end: from + expected - 1 }, first.ETag)
    }
  }
}

async function resume(source: Source, range: ByteRange, etag: string | undefined): Promise<GetObjectCommandOutput> {
  try {
    const answer = await getObject(source, range, etag)
    if (answer !== null && answer !== 'beyond') return answer
  } catch (error) {
    throw translate(error)
  }
  throw storageUnavailable(new Error('The object was removed while it was read'))
}

/** The chunks of one answer. A body that stands still is cut, unless it is the reader who takes no more. */
async function* chunksOf(answer: GetObjectCommandOutput, idleMs: number): AsyncGenerator<Buffer> {
  const body = answer.Body
  if (!(body instanceof Readable)) throw storageUnavailable(new Error('An answer without a body'))
  const stalled = () => body.destroy(Object.assign(new Error(`No byte in ${idleMs} ms`), { name: 'TimeoutError' }))
  let timer = setTimeout(stalled, idleMs)
  try {
    for await (const chunk of body) {
      clearTimeout(timer)
      yield chunk
      timer = setTimeout(stalled, idleMs)
    }
  } finally {
    clearTimeout(timer)
    body.destroy()
  }
}
