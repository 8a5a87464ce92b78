import {
  credentialStoreContract,
  databaseContract,
  eventFeedContract,
  imageStoreContract,
  jobQueueContract,
  originalStoreContract,
  projectStoreContract,
  securityLogContract,
} from '@calotype/core/testing'
import { startEventFeed } from './event-feed.ts'
import { createJobHarness } from './testing/job-harness.ts'
import { openTestDatabase } from './testing/test-database.ts'
import { silentLog } from './testing/test-world.ts'

databaseContract('postgres', () => openTestDatabase())
imageStoreContract('postgres', () => openTestDatabase())
originalStoreContract('postgres', () => openTestDatabase())
projectStoreContract('postgres', () => openTestDatabase())
credentialStoreContract('postgres', () => openTestDatabase())
securityLogContract('postgres', () => openTestDatabase())
jobQueueContract('postgres', createJobHarness)
eventFeedContract('postgres', async () => {
  const { database, handle, close } = await openTestDatabase()
  const feed = await startEventFeed({ handle, log: silentLog })
  return {
    database,
    feed,
    close: async () => {
      await feed.stop()
      await close()
    },
  }
})
