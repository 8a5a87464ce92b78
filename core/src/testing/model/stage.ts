import type { Project } from '../../access/index.ts'
import type { Context } from '../../context.ts'
import { DomainError } from '../../errors.ts'
import {
  handleReceived,
  processImage,
  purgeImage,
  purgeTombstones,
  storageUnavailable,
  withdrawVariants,
} from '../../images/index.ts'
import type { JobHandlers } from '../../jobs/index.ts'
import { createInFlight } from '../../limits/index.ts'
import { testContext } from '../builders.ts'
import { createFakeInvalidator, createFakeUploadSigner } from '../fake-urls.ts'
import { createFaults, type Faults } from '../faults.ts'
import { createMemoryBlobStore } from '../memory/blob-store.ts'
import { seedProject } from '../seed.ts'
import type { TestClock } from '../test-clock.ts'
import { createWorkshop, type Ground, VARIANTS } from './grounds.ts'
import { DAY, type Terms } from './life.ts'

const databaseAway = () => new DomainError('network', 'database_unavailable', 'The database did not answer.')
const cdnAway = () => new DomainError('storage', 'cdn_unavailable', 'The CDN did not answer.')
const BLOB_CALLS = ['put', 'putFile', 'head', 'fetchToFile', 'remove']

/** A project's rules as a sequence chooses them. */
export interface ProjectRules {
  retentionDays: number
  visibility: 'private' | 'public'
}

/** The product on a ground, with projects of one organisation; every call to the outside is watched. */
export async function createStage(ground: Ground, clock: TestClock, rules: readonly ProjectRules[]) {
  const faults = createFaults()
  const held = createMemoryBlobStore(clock)
  const { engine, workspace, blobs } = createWorkshop(held)
  const projects: Project[] = []
  for (const { retentionDays, visibility } of rules) {
    const organizationId = projects[0]?.organizationId
    const settings = { retentionDays, visibility, variants: VARIANTS }
    projects.push(
      await seedProject(ground.database, {
        settings,
        name: `project ${projects.length}`,
        ...(organizationId === undefined ? {} : { organizationId }),
      }),
    )
  }
  const deps = {
    clock,
    workspace,
    processor: engine,
    database: watchDatabase(faults, ground),
    blobs: faults.watch('blobs', blobs, { error: storageUnavailable, only: BLOB_CALLS }),
    invalidator: faults.watch('cdn', createFakeInvalidator(), { error: cdnAway, only: ['invalidate'] }),
    uploads: createFakeUploadSigner(),
    inFlight: createInFlight(),
    maxUploadBytes: 10_000,
    uploadUrlSeconds: 900,
  }
  const organizationId = projects[0]?.organizationId ?? ''
  const owner: Context = testContext({ organizationId })
  return { deps, ground, clock, faults, engine, held, projects, owner, terms: projects.map(termsOf) }
}

export type Stage = Awaited<ReturnType<typeof createStage>>

const termsOf = ({ id, settings }: Project): Terms => ({
  id,
  retention: settings.retentionDays * DAY,
  isPublic: settings.visibility === 'public',
})

/** Transactions and calls beside them; what happens inside a transaction is one with it. */
function watchDatabase(faults: Faults, { database }: Ground) {
  const watched = {
    ...database,
    images: faults.watch('images', database.images, { error: databaseAway }),
    originals: faults.watch('originals', database.originals, { error: databaseAway }),
    projects: faults.watch('projects', database.projects, { error: databaseAway }),
    usage: faults.watch('usage', database.usage, { error: databaseAway }),
  }
  return faults.watch('database', watched, { error: databaseAway, only: ['transaction'] })
}

export type LifeHandlers = Pick<
  JobHandlers,
  'image.process' | 'image.received' | 'image.purge' | 'tombstones.purge' | 'tombstones.withdraw'
>

/** The jobs that the life of an image is made of. */
export const handlersOf = ({ deps }: Stage): LifeHandlers => ({
  'image.process': async (payload, run) => void (await processImage(deps, payload, run)),
  'image.received': payload => handleReceived(deps, payload),
  'image.purge': payload => purgeImage(deps, payload),
  'tombstones.purge': payload => purgeTombstones(deps, payload),
  'tombstones.withdraw': payload => withdrawVariants(deps, payload),
})

/** Once the program is killed its jobs run no more: the getters look anew for every job. */
export function mortalHandlers(stage: Stage, isDead: () => boolean): Partial<JobHandlers> {
  const living = handlersOf(stage)
  const names = ['image.process', 'image.received', 'image.purge', 'tombstones.purge', 'tombstones.withdraw'] as const
  const mortal: Partial<JobHandlers> = {}
  for (const name of names)
    Object.defineProperty(mortal, name, { enumerable: true, get: () => (isDead() ? undefined : living[name]) })
  return mortal
}
