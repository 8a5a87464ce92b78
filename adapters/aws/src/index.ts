export type { AwsConnection, Timeouts } from './client/connection.ts'
export type { AwsLog } from './client/log.ts'
export {
  type CloudFrontCdn,
  type CloudFrontCdnConfig,
  createCloudFrontCdn,
  type SignedCookies,
} from './cloudfront/cloudfront-cdn.ts'
export { type CloudFrontInvalidator, createCloudFrontInvalidator } from './cloudfront/cloudfront-invalidator.ts'
export { type CloudFrontKeyPair, proveKeyPair, type SignatureHash } from './cloudfront/signing-key.ts'
export { createS3BlobStore, type S3BlobInfo, type S3BlobStore, type S3BlobStoreConfig } from './s3/s3-blob-store.ts'
export type { S3Connection } from './s3/s3-client.ts'
export {
  createS3StorageSettings,
  type S3StorageSettings,
  type S3StorageSettingsConfig,
  type SettingsReport,
} from './s3/s3-storage-settings.ts'
export { createS3UploadSigner, type S3UploadSignerConfig } from './s3/s3-upload-signer.ts'
export type { Difference, SettingsPart } from './s3/storage-rules.ts'
export { describeQueue, type QueueState } from './sqs/queue-state.ts'
export type { DeadLetters } from './sqs/settle-batch.ts'
export {
  createSqsEventSource,
  type SqsEventSource,
  type SqsEventSourceConfig,
} from './sqs/sqs-event-source.ts'
export { createSqsProbeQueue, type SqsProbeQueue } from './sqs/sqs-probe-queue.ts'
export {
  createSqsPublisher,
  type OutgoingMessage,
  type PublishFailure,
  type SqsPublisher,
} from './sqs/sqs-publisher.ts'
export type { StorageEventHandler, StoredObjectEvent } from './sqs/storage-event.ts'
