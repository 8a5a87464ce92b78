import { randomUUID } from 'node:crypto'
import { CreateBucketCommand } from '@aws-sdk/client-s3'
import { inject } from 'vitest'
import { createS3Client } from '../s3/s3-client.ts'
import type { BucketConnection } from './fauxqs.ts'
import type {} from './radosgw-setup.ts'

/** A bucket of its own for a test file. */
export async function radosgwBucket(): Promise<BucketConnection> {
  const connection = { ...inject('radosgw'), bucket: `calotype-${randomUUID()}` }
  const client = createS3Client(connection)
  await client.send(new CreateBucketCommand({ Bucket: connection.bucket }))
  client.destroy()
  return connection
}
