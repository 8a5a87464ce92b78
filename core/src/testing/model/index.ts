export { createMemoryGround, type Ground, type QueuedJob } from './grounds.ts'
export { tell } from './play.ts'
export { stories } from './stories.ts'
