export {
  createMemoryGround,
  createWorkshop,
  type Ground,
  type QueuedJob,
  VARIANTS as WORKSHOP_VARIANTS,
} from './grounds.ts'
export { tell } from './play.ts'
export { stories } from './stories.ts'
