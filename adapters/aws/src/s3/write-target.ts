import type { S3Client } from '@aws-sdk/client-s3'
import type { AwsLog } from '../client/log.ts'

/** Where a write goes. */
export interface Target {
  client: S3Client
  bucket: string
  key: string
  contentType: string
  ifAbsent: boolean
  log: AwsLog
}
