export * from './audited.ts'
export * from './builders.ts'
export { bodyOf, readAll, sampleBytes, sha256Of } from './contracts/bytes.ts'
export * from './contracts/index.ts'
export { type CopyScene, createCopyScene, KNOWN as KNOWN_SCHEMA } from './copy-scene.ts'
export { begin, putDirectly, send } from './direct-upload.ts'
export { byKind, CARE, createDisorder, expectedFindings, putObject, reconcile } from './disorder.ts'
export { fillSlot, sendToGallery, sendToSlot, THUMBNAIL } from './entities.ts'
export { everyFault } from './every-fault.ts'
export { createFakeProcessor, type FakeProcessor } from './fake-processor.ts'
export { createFakeRemoteFiles, type FakeRemoteFiles } from './fake-remote-files.ts'
export {
  createFakeCdn,
  createFakeInvalidator,
  createFakeUploadSigner,
  type FakeInvalidator,
  type FakeUploadSigner,
} from './fake-urls.ts'
export {
  answered,
  createFakeWebhookSender,
  type FakeWebhookSender,
  type SentWebhook,
} from './fake-webhook-sender.ts'
export { createFaults, type Fault, type Faults } from './faults.ts'
export { createMemoryBlobStore, type MemoryBlobStore } from './memory/blob-store.ts'
export { createMemoryDatabaseCopy, emptyRows, type MemoryRows } from './memory/database-copy.ts'
export type { MemoryJobs } from './memory/job-queue.ts'
export { createMemoryDatabase, type MemoryDatabase } from './memory/memory-database.ts'
export { createMemorySharedCache } from './memory/shared-cache.ts'
export type { MemoryJob, MemoryState } from './memory/state.ts'
export { createMemoryMailer, type MemoryMailer } from './memory-mailer.ts'
export { createMemoryTelemetry, type MemoryTelemetry } from './memory-telemetry.ts'
export {
  createMemoryGround,
  createWorkshop,
  type Ground,
  type QueuedJob,
  stories,
  tell,
  WORKSHOP_VARIANTS,
} from './model/index.ts'
export { NEGOTIATION_CASES } from './negotiation-cases.ts'
export * as remakeScene from './remake-scene.ts'
export { type SeedImage, seedImage, seedProject } from './seed.ts'
export { createTeam, type Team } from './team.ts'
export { createTemporaryWorkspace } from './temporary-workspace.ts'
export { createTestClock, type TestClock } from './test-clock.ts'
export {
  contextOf,
  createWorld,
  findDisorder,
  firstRun,
  lostConnection,
  type TestForm,
  upload,
  type World,
} from './world.ts'
