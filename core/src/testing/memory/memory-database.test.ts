import {
  auditContract,
  backlogContract,
  credentialStoreContract,
  databaseContract,
  deletedProjectContract,
  eventFeedContract,
  galleryStoreContract,
  idempotencyStoreContract,
  imageStoreContract,
  jobQueueContract,
  membershipStoreContract,
  organizationStoreContract,
  originalStoreContract,
  pipelineStoreContract,
  projectStoreContract,
  reconcileContract,
  remakeStoreContract,
  securityLogContract,
  shareLinkStoreContract,
  slotStoreContract,
  uploadChunkContract,
  webhookStoreContract,
} from '../contracts/index.ts'
import { createTestClock } from '../test-clock.ts'
import { createMemoryDatabase } from './memory-database.ts'

async function memoryHarness() {
  const clock = createTestClock(new Date())
  const database = createMemoryDatabase(clock)
  return {
    database,
    feed: database.feed,
    addPerson: database.addPerson,
    runDue: async (handlers: Parameters<typeof database.queue.runDue>[0]) =>
      void (await database.queue.runDue(handlers)),
    passTime: async (milliseconds: number) => clock.advance(milliseconds),
    close: async () => undefined,
  }
}

databaseContract('memory', memoryHarness)
slotStoreContract('memory', memoryHarness)
galleryStoreContract('memory', memoryHarness)
shareLinkStoreContract('memory', memoryHarness)
idempotencyStoreContract('memory', memoryHarness)
imageStoreContract('memory', memoryHarness)
remakeStoreContract('memory', memoryHarness)
uploadChunkContract('memory', memoryHarness)
originalStoreContract('memory', memoryHarness)
projectStoreContract('memory', memoryHarness)
deletedProjectContract('memory', memoryHarness)
organizationStoreContract('memory', memoryHarness)
membershipStoreContract('memory', memoryHarness)
auditContract('memory', memoryHarness)
reconcileContract('memory', memoryHarness)
securityLogContract('memory', memoryHarness)
pipelineStoreContract('memory', memoryHarness)
webhookStoreContract('memory', memoryHarness)
credentialStoreContract('memory', memoryHarness)
jobQueueContract('memory', memoryHarness)
backlogContract('memory', memoryHarness)
eventFeedContract('memory', memoryHarness)
