import type { Person } from '@calotype/core'
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
  projectStoreContract,
  reconcileContract,
  remakeStoreContract,
  securityLogContract,
  shareLinkStoreContract,
  slotStoreContract,
  uploadChunkContract,
} from '@calotype/core/testing'
import { startEventFeed } from './event-feed.ts'
import { createJobHarness } from './testing/job-harness.ts'
import { openTestDatabase } from './testing/test-database.ts'
import { silentLog } from './testing/test-world.ts'

async function peopleHarness() {
  const opened = await openTestDatabase()
  const addPerson = async ({ id, name, email }: Person) =>
    void (await opened.test.query('insert into users (id, name, email) values ($1, $2, $3)', [id, name, email]))
  return { ...opened, addPerson }
}

databaseContract('postgres', () => openTestDatabase())
slotStoreContract('postgres', () => openTestDatabase())
galleryStoreContract('postgres', () => openTestDatabase())
shareLinkStoreContract('postgres', () => openTestDatabase())
idempotencyStoreContract('postgres', () => openTestDatabase())
imageStoreContract('postgres', () => openTestDatabase())
remakeStoreContract('postgres', () => openTestDatabase())
uploadChunkContract('postgres', () => openTestDatabase())
originalStoreContract('postgres', () => openTestDatabase())
projectStoreContract('postgres', () => openTestDatabase())
deletedProjectContract('postgres', () => openTestDatabase())
organizationStoreContract('postgres', peopleHarness)
membershipStoreContract('postgres', peopleHarness)
credentialStoreContract('postgres', () => openTestDatabase())
auditContract('postgres', () => openTestDatabase())
reconcileContract('postgres', () => openTestDatabase())
securityLogContract('postgres', () => openTestDatabase())
jobQueueContract('postgres', createJobHarness)
backlogContract('postgres', createJobHarness)
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
