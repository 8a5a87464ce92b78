import { createHash } from 'node:crypto'
import { S3Client } from '@aws-sdk/client-s3'
import { type AwsConnection, clientConfig } from '../client/connection.ts'

/** A bucket on AWS or a compatible storage (R2, MinIO, Ceph). */
export interface S3Connection extends AwsConnection {
  bucket: string
  /** `https://host/bucket/key` instead of `https://bucket.host/key`; by default where an endpoint is given. */
  pathStyle?: boolean | undefined
}

export function createS3Client(connection: S3Connection, retries: 'few' | 'none' = 'few'): S3Client {
  const client = new S3Client({
    ...clientConfig(connection, retries),
    forcePathStyle: connection.pathStyle ?? connection.endpoint !== undefined,
    // Otherwise the SDK adds checksums that other storages refuse, and the CRC of nothing to presigned URLs.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // Saves the wait for 100 Continue and the new connection that the SDK makes for it.
    expectContinueHeader: false,
  })
  addContentMd5(client)
  return client
}

export const md5Base64 = (bytes: Uint8Array | string): string => createHash('md5').update(bytes).digest('base64')

/** Calls that demand a checksum: S3 takes the SDK's CRC32 for one, older compatible storages know only Content-MD5. */
const NEEDS_MD5: readonly string[] = [
  'DeleteObjectsCommand',
  'PutBucketCorsCommand',
  'PutBucketLifecycleConfigurationCommand',
]

function addContentMd5(client: S3Client): void {
  client.middlewareStack.add(
    (next, context) => async args => {
      const { request } = args
      const body = bodyOf(request)
      if (body !== null && NEEDS_MD5.includes(context.commandName ?? ''))
        setHeader(request, 'content-md5', md5Base64(body))
      return next(args)
    },
    { step: 'build', priority: 'low', name: 'contentMd5' },
  )
}

function bodyOf(request: unknown): string | Uint8Array | null {
  const body = typeof request === 'object' && request !== null && 'body' in request ? request.body : null
  return typeof body === 'string' || body instanceof Uint8Array ? body : null
}

function setHeader(request: unknown, name: string, value: string): void {
  const headers = typeof request === 'object' && request !== null && 'headers' in request ? request.headers : null
  if (typeof headers === 'object' && headers !== null) Reflect.set(headers, name, value)
}
