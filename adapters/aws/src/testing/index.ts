export { type FakeCloud, startFakeCloud } from './fauxqs.ts'
export { openTestQueue, type TestQueue } from './test-queue.ts'
