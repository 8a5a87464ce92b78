export { credentialStoreContract, projectStoreContract } from './access-contracts.ts'
export { auditContract, auditEntry } from './audit-contract.ts'
export { backlogContract } from './backlog-contract.ts'
export { blobStoreContract } from './blob-store-contract.ts'
export { databaseContract } from './database-contract.ts'
export { deletedProjectContract } from './deleted-project-contract.ts'
export { galleryStoreContract, shareLinkStoreContract, slotStoreContract } from './entity-contracts.ts'
export { eventFeedContract } from './event-feed-contract.ts'
export type {
  BlobStoreHarness,
  DatabaseHarness,
  EventFeedHarness,
  Harness,
  JobQueueHarness,
  PeopleHarness,
} from './harness.ts'
export { idempotencyStoreContract } from './idempotency-store-contract.ts'
export { imageStoreContract } from './image-store-contract.ts'
export { jobQueueContract } from './job-queue-contract.ts'
export { membershipStoreContract } from './membership-contract.ts'
export { organizationStoreContract } from './organization-contract.ts'
export { originalStoreContract } from './original-store-contract.ts'
export { pipelineStoreContract } from './pipeline-contract.ts'
export { type RateLimiterHarness, rateLimiterContract } from './rate-limiter-contract.ts'
export { reconcileContract } from './reconcile-contract.ts'
export { remakeStoreContract } from './remake-store-contract.ts'
export { securityLogContract } from './security-log-contract.ts'
export { type SharedCacheHarness, sharedCacheContract } from './shared-cache-contract.ts'
export { uploadChunkContract } from './upload-chunk-contract.ts'
export { webhookStoreContract } from './webhook-contract.ts'
