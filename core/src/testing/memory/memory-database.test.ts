import {
  credentialStoreContract,
  databaseContract,
  eventFeedContract,
  imageStoreContract,
  jobQueueContract,
  originalStoreContract,
  projectStoreContract,
  securityLogContract,
} from '../contracts/index.ts'
import { createTestClock } from '../test-clock.ts'
import { createMemoryDatabase } from './memory-database.ts'

async function memoryHarness() {
  const clock = createTestClock(new Date())
  const database = createMemoryDatabase(clock)
  return {
    database,
    feed: database.feed,
    runDue: async (handlers: Parameters<typeof database.queue.runDue>[0]) =>
      void (await database.queue.runDue(handlers)),
    passTime: async (milliseconds: number) => clock.advance(milliseconds),
    close: async () => undefined,
  }
}

databaseContract('memory', memoryHarness)
imageStoreContract('memory', memoryHarness)
originalStoreContract('memory', memoryHarness)
projectStoreContract('memory', memoryHarness)
securityLogContract('memory', memoryHarness)
credentialStoreContract('memory', memoryHarness)
jobQueueContract('memory', memoryHarness)
eventFeedContract('memory', memoryHarness)
