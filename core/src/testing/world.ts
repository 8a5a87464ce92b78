import type { Readable } from 'node:stream'
import type { Actor, Project, ProjectSettings } from '../access/index.ts'
import { sealAudit } from '../audit/index.ts'
import type { BlobStore } from '../blob-store.ts'
import { mendImage, removeOrganization, removeProject, runReconcile } from '../care/index.ts'
import type { Context } from '../context.ts'
import { settleSlot, settleSlotsOf } from '../entities/index.ts'
import { DomainError } from '../errors.ts'
import {
  acceptUpload,
  advanceRemake,
  handleReceived,
  importImageBytes,
  isRestorable,
  originalKey,
  processImage,
  purgeImage,
  purgeTombstones,
  remakeImage,
  rescueRemakes,
  retireVariants,
  storageUnavailable,
  sweep,
  type UploadFields,
  type UploadFile,
  withdrawVariants,
} from '../images/index.ts'
import type { JobHandlers } from '../jobs/index.ts'
import { createInFlight } from '../limits/index.ts'
import { createMailSeal, deliverMail } from '../mail/index.ts'
import { importInterrupted } from '../net/index.ts'
import { relayMessages } from '../pipeline/index.ts'
import { engineCrashed } from '../rendering/index.ts'
import { testContext } from './builders.ts'
import { bodyOf } from './contracts/bytes.ts'
import { createFakeProcessor, type FakeProcessor } from './fake-processor.ts'
import { createFakeRemoteFiles } from './fake-remote-files.ts'
import { createFakeCdn, createFakeInvalidator, createFakeUploadSigner } from './fake-urls.ts'
import { createFaults } from './faults.ts'
import { createMemoryBlobStore } from './memory/blob-store.ts'
import { createMemoryDatabase, type MemoryDatabase } from './memory/memory-database.ts'
import { createMemoryMailer } from './memory-mailer.ts'
import { seedProject } from './seed.ts'
import { createTemporaryWorkspace } from './temporary-workspace.ts'
import { createTestClock } from './test-clock.ts'

export const lostConnection = (): DomainError =>
  new DomainError('network', 'database_unavailable', 'The database did not answer.')

/** Longer than any project of the tests keeps what it deleted. */
const RETENTION_MS = 31 * 86_400_000

const cdnAway = (): DomainError => new DomainError('storage', 'cdn_unavailable', 'The CDN did not answer.')

/** Everything that verbs need, in memory, with one project and its owner; any call to the outside can be made to fail. */
export async function createWorld(options: { settings?: Partial<ProjectSettings> } = {}) {
  const clock = createTestClock()
  const faults = createFaults()
  const memory = createMemoryDatabase(clock)
  const blobs = createMemoryBlobStore(clock)
  const engine = createFakeProcessor()
  const invalidator = createFakeInvalidator()
  const remoteFiles = createFakeRemoteFiles()
  const project = await seedProject(memory, { settings: options.settings ?? {} })
  const watched = {
    database: watchDatabase(faults, memory),
    blobs: watchBlobs(faults, blobs),
    processor: watchProcessor(faults, engine),
  }
  const deps = {
    ...watched,
    clock,
    remoteFiles: faults.watch('remote', remoteFiles, {
      error: () => importInterrupted('nobody answered'),
      only: ['open'],
    }),
    /** Time passes for nobody but the clock. */
    pause: async (ms: number) => void clock.advance(ms),
    feed: memory.feed,
    workspace: createTemporaryWorkspace(),
    uploads: createFakeUploadSigner(),
    cdn: createFakeCdn(),
    invalidator: faults.watch('cdn', invalidator, { error: cdnAway, only: ['invalidate'] }),
    maxUploadBytes: 10_000,
    inFlight: createInFlight(),
    uploadUrlSeconds: 900,
    signedUrlSeconds: 600,
  }
  const outbox = createMemoryMailer()
  const mailSeal = createMailSeal('a secret for tests')
  const handlers: JobHandlers = {
    'image.process': async (payload, run) => {
      await processImage(deps, payload, run)
      await settleSlotsOf(deps, payload)
    },
    'slot.settle': payload => settleSlot(deps, payload),
    'image.received': payload => handleReceived(deps, payload),
    'image.import': async (payload, run) => void (await importImageBytes(deps, payload, run)),
    'image.remake': async (payload, run) => void (await remakeImage(deps, payload, run)),
    'remake.advance': payload => advanceRemake(deps, payload),
    'remake.retire': payload => retireVariants(deps, payload),
    'image.purge': payload => purgeImage(deps, payload),
    'tombstones.purge': payload => purgeTombstones(deps, payload),
    'tombstones.withdraw': payload => withdrawVariants(deps, payload),
    'project.remove': payload => removeProject(deps, payload),
    'organization.remove': payload => removeOrganization(deps, payload),
    'pipeline.relay': async payload => void (await relayMessages({ ...deps, publisher: null }, payload)),
    'mail.send': async payload => void (await deliverMail({ mailer: outbox, mailSeal, clock }, payload)),
    'image.mend': async payload => void (await mendImage(deps, payload)),
    'care.reconcile': async (payload, run) => void (await runReconcile(deps, payload, run)),
    'audit.seal': async () => void (await sealAudit(deps)),
    'audit.heads': async () => {},
    'care.sweep': async payload => {
      await rescueRemakes(deps, payload)
      await sweep(deps, { ...payload, orphanGraceMs: 0 })
    },
  }
  return {
    deps,
    /** Mails that were sent. */
    outbox,
    mailSeal,
    clock,
    faults,
    project,
    memory,
    blobs,
    engine,
    /** What lies at the addresses of others. */
    remoteFiles,
    /** What the CDN was told to forget. */
    invalidated: invalidator.paths,
    owner: contextOf(project),
    /** Runs whatever is due with the real verbs, once each and what they enqueue. */
    runJobs: () => memory.queue.runDue(handlers),
    /** Runs what is due when the retention of everything deleted so far is over. */
    endRetention: async () => {
      clock.advance(RETENTION_MS)
      await memory.queue.runDue(handlers)
    },
    /** The regular care with no grace for orphans, one moment later. */
    sweep: async (orphanGraceMs = 0) => {
      clock.advance(1)
      await rescueRemakes(deps, { requestId: 'sweep' })
      return sweep(deps, { requestId: 'sweep', orphanGraceMs })
    },
  }
}

export type World = Awaited<ReturnType<typeof createWorld>>

/** A caller of the project's organisation, its owner unless said otherwise. */
export const contextOf = (project: Project, overrides: Partial<Actor> = {}): Context =>
  testContext({ organizationId: project.organizationId, ...overrides })

type Faults = ReturnType<typeof createFaults>

/** Transactions and calls beside them; inside a transaction nothing is counted. */
function watchDatabase(faults: Faults, memory: MemoryDatabase): MemoryDatabase {
  const error = lostConnection
  const stores = [
    'images',
    'originals',
    'organizations',
    'memberships',
    'invitations',
    'projects',
    'credentials',
    'installation',
    'jobs',
    'events',
    'usage',
    'remakes',
    'uploadChunks',
    'slots',
    'galleries',
    'shareLinks',
    'idempotency',
    'reconcile',
  ] as const
  const watched = Object.fromEntries(stores.map(name => [name, faults.watch(name, memory[name], { error })]))
  const outer = { ...memory, ...watched }
  return faults.watch('database', outer, { error, only: ['transaction'] })
}

function watchBlobs(faults: Faults, blobs: BlobStore): BlobStore {
  const only = ['put', 'putFile', 'head', 'read', 'fetchToFile', 'remove']
  return faults.watch('blobs', blobs, { error: storageUnavailable, only })
}

const watchProcessor = (faults: Faults, engine: FakeProcessor): FakeProcessor =>
  faults.watch('engine', engine, { error: () => engineCrashed('SIGSEGV'), only: ['render'] })

export interface TestForm {
  fields?: UploadFields
  fieldsFirst?: boolean
  file?: Partial<Omit<UploadFile, 'body'>>
  body?: Readable
}

/** A multipart upload of these bytes. */
export function upload(world: World, bytes: Buffer, form: TestForm = {}, ctx: Context = world.owner) {
  const file = { fileName: 'roof.jpg', declaredType: 'image/jpeg', ...form.file, body: form.body ?? bodyOf(bytes) }
  return acceptUpload(world.deps, ctx, async takeFile => {
    await takeFile(file)
    return form.fields ?? {}
  })
}

/** What a job is told about its run when nothing is special about it. */
export const firstRun = (world: World) => ({ attempt: 1, maxAttempts: 20, firstQueuedAt: world.clock.now() })

/** What storage holds beside what the records refer to, and what they refer to that storage does not hold. */
export function findDisorder(world: World): { orphans: string[]; missing: string[] } {
  const { images, originals } = world.memory.inspect()
  const referred = new Set([...originals.values()].map(original => original.objectKey))
  for (const image of images.values()) {
    if (image.status === 'deleted' && !isRestorable(image)) continue
    for (const variant of image.variants) referred.add(variant.objectKey)
    const awaited = originalKey(image.id)
    // Bytes that came for an upload which was deleted and can be restored wait with it.
    if (image.formerStatus === 'pending_upload' && world.blobs.bytes(awaited)) referred.add(awaited)
  }
  const held = new Set(world.blobs.keys())
  return { orphans: [...held].filter(key => !referred.has(key)), missing: [...referred].filter(key => !held.has(key)) }
}
