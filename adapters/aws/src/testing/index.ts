export { type BucketConnection, type FakeCloud, startFakeCloud } from './fauxqs.ts'
export { radosgwBucket } from './radosgw-bucket.ts'
export { openTestQueue, type TestQueue } from './test-queue.ts'
