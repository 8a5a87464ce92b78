import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3'
import type { BlobInfo } from '@calotype/core'
import { translate } from '../client/failures.ts'
import { isObjectKey } from './object-key.ts'

/** As many as one page of S3 holds. */
export const LIST_PAGE = 1_000

/** Objects under a prefix in byte order, one page at a time; the next page is asked for when this one is used up. */
export async function* listObjects(
  source: { client: S3Client; bucket: string },
  prefix: string,
): AsyncGenerator<BlobInfo> {
  let token: string | undefined
  do {
    const page = await onePage(source, prefix, token)
    for (const { Key: encoded, Size: sizeBytes, LastModified: modifiedAt } of page.Contents ?? []) {
      const key = decodedKey(encoded ?? '')
      if (key !== null && isObjectKey(key) && sizeBytes !== undefined && modifiedAt)
        yield { key, sizeBytes, modifiedAt }
    }
    token = page.IsTruncated ? page.NextContinuationToken : undefined
  } while (token !== undefined)
}

async function onePage(source: { client: S3Client; bucket: string }, prefix: string, token: string | undefined) {
  try {
    return await source.client.send(
      new ListObjectsV2Command({
        Bucket: source.bucket,
        Prefix: prefix,
        MaxKeys: LIST_PAGE,
        // A foreign key with a control character would make the page unreadable.
        EncodingType: 'url',
        ...(token === undefined ? {} : { ContinuationToken: token }),
      }),
    )
  } catch (error) {
    throw translate(error)
  }
}

function decodedKey(encoded: string): string | null {
  try {
    return decodeURIComponent(encoded.replaceAll('+', ' '))
  } catch {
    return null
  }
}
