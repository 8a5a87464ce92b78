import { createHash } from 'node:crypto'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { storageUnavailable, uploadAlreadyReceived } from '@calotype/core'
import { attemptsOf, loggable, nameOf, statusOf } from '../client/failures.ts'
import { metadataOf, type Target } from './write-target.ts'

interface SentPart {
  number: number
  etag: string
  md5: Buffer
}

/**
 * A multipart upload with one part on its way while the next one fills. lib-storage is not used, because it aborts while parts are
 * still on their way: those arrive afterwards and stay, and are billed.
 */
export async function putMultipart(
  target: Target,
  first: readonly Buffer[],
  rest: AsyncIterable<Buffer>,
): Promise<void> {
  const { client, bucket, key } = target
  const created = await client.send(
    new CreateMultipartUploadCommand({
      Bucket: bucket,
      Key: key,
      ...metadataOf(target),
    }),
  )
  const uploadId = created.UploadId
  if (!uploadId) throw storageUnavailable(new Error('No upload id was answered'))
  let onItsWay: Promise<SentPart> | null = null
  try {
    const sent: SentPart[] = []
    for await (const bytes of inOrder(first, rest)) {
      if (onItsWay) sent.push(await onItsWay)
      onItsWay = sendPart(target, uploadId, sent.length + 1, bytes)
      // Awaited later; until then its failure is nobody's.
      onItsWay.catch(() => {})
    }
    if (onItsWay) sent.push(await onItsWay)
    await complete(target, uploadId, sent)
  } catch (error) {
    await onItsWay?.catch(() => {})
    await abort(target, uploadId)
    throw error
  }
}

async function* inOrder(first: readonly Buffer[], rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield* first
  yield* rest
}

async function sendPart(target: Target, uploadId: string, number: number, bytes: Buffer): Promise<SentPart> {
  const md5 = createHash('md5').update(bytes).digest()
  const { ETag: etag } = await target.client.send(
    new UploadPartCommand({
      Bucket: target.bucket,
      Key: target.key,
      UploadId: uploadId,
      PartNumber: number,
      Body: bytes,
      ContentLength: bytes.length,
      ContentMD5: md5.toString('base64'),
    }),
  )
  if (!etag) throw storageUnavailable(new Error('No ETag was answered for a part'))
  return { number, etag, md5 }
}

async function complete(target: Target, uploadId: string, sent: readonly SentPart[]): Promise<void> {
  try {
    await target.client.send(
      new CompleteMultipartUploadCommand({
        Bucket: target.bucket,
        Key: target.key,
        UploadId: uploadId,
        MultipartUpload: { Parts: sent.map(({ number, etag }) => ({ PartNumber: number, ETag: etag })) },
        ...(target.ifAbsent ? { IfNoneMatch: '*' } : {}),
      }),
    )
  } catch (error) {
    const taken = statusOf(error) === 412
    const repeated = attemptsOf(error) > 1
    // A first try whose answer was lost has made the object and ended the upload: the second meets neither as it expects.
    if (repeated && (taken || nameOf(error) === 'NoSuchUpload') && (await holds(target, sent))) return
    throw taken ? uploadAlreadyReceived() : error
  }
}

/** Whether the key holds the object that these parts make, by the ETag that S3 gives it: the MD5 of the parts' MD5s and their count. */
async function holds(target: Target, sent: readonly SentPart[]): Promise<boolean> {
  const hash = createHash('md5')
  for (const { md5 } of sent) hash.update(md5)
  try {
    const head = await target.client.send(new HeadObjectCommand({ Bucket: target.bucket, Key: target.key }))
    return head.ETag === `"${hash.digest('hex')}-${sent.length}"`
  } catch (error) {
    if (statusOf(error) === 404) return false
    throw error
  }
}

/** Every part has settled by now, so that one abort removes all. When it fails, the bucket's lifecycle rule does it later. */
async function abort(target: Target, uploadId: string): Promise<void> {
  try {
    await target.client.send(
      new AbortMultipartUploadCommand({ Bucket: target.bucket, Key: target.key, UploadId: uploadId }),
    )
  } catch (error) {
    if (nameOf(error) === 'NoSuchUpload') return
    target.log.warn({ key: target.key, error: loggable(error) }, 'An unfinished upload could not be aborted')
  }
}
