import type { Project } from '../../access/index.ts'
import type { Context } from '../../context.ts'
import { settleSlot, settleSlotsOf } from '../../entities/index.ts'
import { DomainError } from '../../errors.ts'
import {
  advanceRemake,
  handleReceived,
  importImageBytes,
  processImage,
  purgeImage,
  purgeTombstones,
  remakeImage,
  retireVariants,
  storageUnavailable,
  withdrawVariants,
} from '../../images/index.ts'
import type { JobHandlers } from '../../jobs/index.ts'
import { createInFlight } from '../../limits/index.ts'
import { importInterrupted } from '../../net/index.ts'
import { planRecipe, type VariantSpec } from '../../rendering/index.ts'
import { testContext } from '../builders.ts'
import { createFakeInvalidator, createFakeUploadSigner } from '../fake-urls.ts'
import { createFaults, type Faults } from '../faults.ts'
import { createMemoryBlobStore } from '../memory/blob-store.ts'
import { seedProject } from '../seed.ts'
import type { TestClock } from '../test-clock.ts'
import { createWeb, createWorkshop, type Ground, VARIANTS } from './grounds.ts'
import { DAY, type Terms } from './life.ts'

const databaseAway = () => new DomainError('network', 'database_unavailable', 'The database did not answer.')
const cdnAway = () => new DomainError('storage', 'cdn_unavailable', 'The CDN did not answer.')
const nobodyAnswers = () => importInterrupted('nobody answered')
const BLOB_CALLS = ['put', 'putFile', 'head', 'fetchToFile', 'remove']

/** What the product answered, and the id of an image or a run that it made. */
export interface Told {
  answer: string
  fresh: string | null
}

export const projectAt = ({ projects }: Pick<Stage, 'projects'>, n: number): string =>
  projects[n % projects.length]?.id ?? ''

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
    remoteFiles: faults.watch('remote', createWeb(), { error: nobodyAnswers, only: ['open'] }),
    /** Pauses between two tries take no time. */
    pause: async () => {},
    inFlight: createInFlight(),
    maxUploadBytes: 10_000,
    uploadUrlSeconds: 900,
    signedUrlSeconds: 600,
  }
  const organizationId = projects[0]?.organizationId ?? ''
  const owner: Context = testContext({ organizationId })
  const terms = projects.map(termsOf)
  const versions = versionsOf(projects[0]?.settings.variants ?? [])
  // What was ever seen: slots and runs go by ids of the product's own, and a run outlives the records of its images.
  return {
    deps,
    ground,
    clock,
    faults,
    engine,
    held,
    projects,
    owner,
    terms,
    versions,
    pictureIds: new Set<string>(),
    slotIds: new Map<string, string>(),
    runIds: new Set<string>(),
  }
}

/** Engines of the lives, one after the other: by the recipe that each makes of the rules. */
const MAX_VERSIONS = 20

const versionsOf = (variants: readonly VariantSpec[]): ReadonlyMap<string, number> =>
  new Map(Array.from({ length: MAX_VERSIONS }, (_, at) => [planRecipe(variants, `fake-${at}`).id, at] as const))

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
    slots: faults.watch('slots', database.slots, { error: databaseAway }),
    galleries: faults.watch('galleries', database.galleries, { error: databaseAway }),
    remakes: faults.watch('remakes', database.remakes, { error: databaseAway }),
    jobs: faults.watch('jobs', database.jobs, { error: databaseAway }),
    idempotency: faults.watch('idempotency', database.idempotency, { error: databaseAway }),
  }
  return faults.watch('database', watched, { error: databaseAway, only: ['transaction'] })
}

/** The jobs that the life of an image is made of, its place in slots and its remaking included. */
export const handlersOf = ({ deps }: Stage) =>
  ({
    'image.process': async (payload, run) => {
      await processImage(deps, payload, run)
      await settleSlotsOf(deps, payload)
    },
    'image.import': async (payload, run) => void (await importImageBytes(deps, payload, run)),
    'image.received': payload => handleReceived(deps, payload),
    'image.purge': payload => purgeImage(deps, payload),
    'tombstones.purge': payload => purgeTombstones(deps, payload),
    'tombstones.withdraw': payload => withdrawVariants(deps, payload),
    'slot.settle': payload => settleSlot(deps, payload),
    'remake.advance': payload => advanceRemake(deps, payload),
    'image.remake': async (payload, run) => void (await remakeImage(deps, payload, run)),
    'remake.retire': payload => retireVariants(deps, payload),
  }) satisfies Partial<JobHandlers>

/** Once the program is killed its jobs run no more: the handlers are looked up anew for every job. */
export function mortalHandlers(stage: Stage, isDead: () => boolean): Partial<JobHandlers> {
  const none: Partial<JobHandlers> = {}
  return new Proxy<Partial<JobHandlers>>(handlersOf(stage), {
    get: (living, name) => Reflect.get(isDead() ? none : living, name),
  })
}
