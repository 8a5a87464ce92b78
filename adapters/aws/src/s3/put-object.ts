import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { type PutOptions, type StoredBlob, uploadAlreadyReceived } from '@calotype/core'
import { attemptsOf, statusOf } from '../client/failures.ts'
import { checkBody } from './checked-body.ts'
import { putMultipart } from './put-multipart.ts'
import { md5Base64 } from './s3-client.ts'
import { metadataOf, type Target } from './write-target.ts'

/** Streams a body to a key: in one request when it is small, else in parts of which two at most are in memory. */
export async function putObject(target: Target, body: Readable, options: PutOptions): Promise<StoredBlob> {
  const { parts, stored } = checkBody(body, options)
  const first = await parts.next()
  // Looked at before anything is sent: what fits into one part is known to be whole and as announced by then.
  const second = first.done ? first : await parts.next()
  if (first.done || second.done) await putWhole(target, first.done ? Buffer.alloc(0) : first.value)
  else await putMultipart(target, [first.value, second.value], parts)
  return stored()
}

async function putWhole(target: Target, bytes: Buffer): Promise<void> {
  try {
    await target.client.send(
      new PutObjectCommand({
        Bucket: target.bucket,
        Key: target.key,
        Body: bytes,
        ContentLength: bytes.length,
        ...metadataOf(target),
        ContentMD5: md5Base64(bytes),
        ...(target.ifAbsent ? { IfNoneMatch: '*' } : {}),
      }),
    )
  } catch (error) {
    if (statusOf(error) !== 412) throw error
    if (attemptsOf(error) > 1 && (await holds(target, bytes))) return
    throw uploadAlreadyReceived()
  }
}

/** Whether the key holds these bytes: then an earlier try arrived and only its answer was lost. */
async function holds(target: Target, bytes: Buffer): Promise<boolean> {
  const head = await target.client.send(new HeadObjectCommand({ Bucket: target.bucket, Key: target.key }))
  return head.ETag === `"${createHash('md5').update(bytes).digest('hex')}"`
}
