import type { S3Client } from '@aws-sdk/client-s3'
import type { AwsLog } from '../client/log.ts'

/** Where a write goes. */
export interface Target {
  client: S3Client
  bucket: string
  key: string
  contentType: string
  /** For those who keep copies; undefined: nothing is said. */
  cacheControl: string | undefined
  ifAbsent: boolean
  log: AwsLog
}

/** What is stored beside the bytes. */
export const metadataOf = ({ contentType, cacheControl }: Target): { ContentType?: string; CacheControl?: string } => ({
  ...(contentType === '' ? {} : { ContentType: contentType }),
  ...(cacheControl === undefined ? {} : { CacheControl: cacheControl }),
})
