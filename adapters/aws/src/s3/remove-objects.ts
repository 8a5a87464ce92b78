import { DeleteObjectsCommand, type S3Client } from '@aws-sdk/client-s3'
import type { AwsLog } from '../client/log.ts'

/** As many keys as one call may carry. */
export const DELETE_BATCH = 1_000
/** What is already gone is as good as removed. */
const GONE: readonly string[] = ['NoSuchKey', 'NoSuchVersion']

/** Removes objects in batches. The answer is 200 even when some stay: resolves with their keys, and logs why. */
export async function removeObjects(
  source: { client: S3Client; bucket: string; log: AwsLog },
  keys: readonly string[],
): Promise<readonly string[]> {
  const left: string[] = []
  const unique = [...new Set(keys)]
  for (let at = 0; at < unique.length; at += DELETE_BATCH) {
    const Objects = unique.slice(at, at + DELETE_BATCH).map(Key => ({ Key }))
    const command = new DeleteObjectsCommand({ Bucket: source.bucket, Delete: { Objects, Quiet: true } })
    const { Errors = [] } = await source.client.send(command)
    for (const { Key: key, Code: code, Message: message } of Errors) {
      if (key === undefined || GONE.includes(code ?? '')) continue
      left.push(key)
      source.log.warn({ key, code, reason: message }, 'An object could not be removed')
    }
  }
  return left
}
