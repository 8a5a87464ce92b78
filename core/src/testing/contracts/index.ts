export { blobStoreContract } from './blob-store-contract.ts'
export type {
  BlobStoreHarness,
  DatabaseHarness,
  EventFeedHarness,
  Harness,
  JobQueueHarness,
} from './harness.ts'
