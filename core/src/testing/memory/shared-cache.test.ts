import { sharedCacheContract } from '../contracts/index.ts'
import { createTestClock } from '../test-clock.ts'
import { createMemorySharedCache } from './shared-cache.ts'

sharedCacheContract('memory', async () => {
  const clock = createTestClock()
  return {
    cache: createMemorySharedCache(clock),
    passTime: async milliseconds => void clock.advance(milliseconds),
    close: async () => {},
  }
})
