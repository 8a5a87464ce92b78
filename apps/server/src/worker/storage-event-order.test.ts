import { parseStorageMessage, storageMessage } from '@calotype/aws/testing'
import { originalKey, storageUnavailable } from '@calotype/core'
import { begin, createWorld, findDisorder, putDirectly, sampleBytes, type World } from '@calotype/core/testing'
import fc from 'fast-check'
import pino from 'pino'
import { expect, it } from 'vitest'
import { createStorageEventHandler } from './storage-events.ts'

/** The same seed tells the same stories again: `MODEL_SEED=…`. */
const SEED = Number(process.env.MODEL_SEED ?? 20_261_121)
const RUNS = Number(process.env.MODEL_RUNS ?? 60)
const MOST_DELIVERIES = 10
const MOST_AT_ONCE = 10
const BUCKET = 'photos'
const log = pino({ level: 'silent' })

/** What becomes of an upload URL: good bytes, the bytes of the one before, too few bytes, or none at all. */
type Kind = 'good' | 'twin' | 'short' | 'absent'
const EXPECTED: Record<Kind, { status: string; code: string | null }> = {
  good: { status: 'ready', code: null },
  twin: { status: 'ready', code: null },
  short: { status: 'failed', code: 'size_mismatch' },
  absent: { status: 'failed', code: 'upload_expired' },
}

const deliveries = fc.oneof(
  { weight: 19, arbitrary: fc.integer({ min: 1, max: MOST_DELIVERIES }) },
  // Never told: one in twenty.
  { weight: 1, arbitrary: fc.constant(0) },
)
const upload = fc.record({ kind: fc.constantFrom<Kind>('good', 'good', 'twin', 'short', 'absent'), deliveries })
/** What happens at one moment: so many messages at once, while storage is there or not, and then perhaps the jobs. */
const moment = fc.record({
  atOnce: fc.integer({ min: 1, max: MOST_AT_ONCE }),
  away: fc.boolean(),
  jobs: fc.boolean(),
  sweeps: fc.boolean(),
})
const story = fc.array(upload, { minLength: 1, maxLength: 6 }).chain(uploads =>
  fc.record({
    uploads: fc.constant(uploads),
    order: fc.shuffledSubarray(
      uploads.flatMap(({ deliveries: count }, index) => Array.from({ length: count }, () => index)),
      { minLength: uploads.reduce((sum, { deliveries: count }) => sum + count, 0) },
    ),
    moments: fc.array(moment, { maxLength: 30 }),
  }),
)

const bytesOf = (kinds: readonly Kind[], index: number): Buffer =>
  sampleBytes(1_000 + (kinds[index] === 'twin' && index > 0 ? index - 1 : index))

async function scene(kinds: readonly Kind[]) {
  const world = await createWorld()
  const ids: string[] = []
  for (const [index, kind] of kinds.entries()) {
    const bytes = bytesOf(kinds, index)
    const { image } = await begin(world, { sizeBytes: bytes.length })
    ids.push(image.id)
    if (kind !== 'absent') await putDirectly(world, image.id, kind === 'short' ? bytes.subarray(1) : bytes)
  }
  const security = { record: () => {} }
  const handle = createStorageEventHandler({ ...world.deps, security }, log)
  /** As the consumer does: true when the message may be removed. */
  const consume = async (index: number): Promise<boolean> => {
    const body = storageMessage({ key: encodeURIComponent(originalKey(ids[index] ?? '')), bucket: BUCKET })
    const outcomes = await Promise.all(parseStorageMessage(body, BUCKET).events.map(handle))
    return outcomes.every(outcome => outcome === 'done')
  }
  return { world, ids, consume }
}

/** What no event told is found by the sweep, and what never came expires. */
async function settle(world: World): Promise<void> {
  await world.runJobs()
  await world.sweep()
  await world.runJobs()
  world.clock.advance(3 * 3_600_000)
  await world.sweep()
  await world.runJobs()
}

/** What became of each upload, in words that hold for every order of events. */
async function describeAll({ world, ids }: { world: World; ids: readonly string[] }) {
  const { images, originals, usage } = world.memory.inspect()
  const of = (id: string) => [...images.values()].find(image => image.id === id)
  return {
    images: ids.map(id => {
      const image = of(id)
      const uploaded = image?.history.filter(line => line.status === 'uploaded').length
      const variants = image?.variants.map(({ name, format }) => `${name}.${format}`).sort()
      return { status: image?.status, code: image?.failure?.code ?? null, sha256: image?.sha256, uploaded, variants }
    }),
    originals: [...originals.values()].map(({ sha256 }) => sha256).sort(),
    objects: world.blobs.keys().length,
    storedBytes: [...usage.values()].reduce((sum, { storedBytes }) => sum + (storedBytes ?? 0), 0),
    disorder: findDisorder(world),
  }
}

it(`comes to one state, however often and in whatever order events come, and if they never do (MODEL_SEED=${SEED})`, async () => {
  const property = fc.asyncProperty(story, async ({ uploads, order, moments }) => {
    const kinds = uploads.map(({ kind }) => kind)
    const orderly = await scene(kinds)
    for (const index of kinds.keys()) await orderly.consume(index)
    await settle(orderly.world)
    const wanted = await describeAll(orderly)
    expect(wanted.images).toMatchObject(kinds.map(kind => EXPECTED[kind]))
    expect(wanted.disorder).toEqual({ orphans: [], missing: [] })

    const wild = await scene(kinds)
    const queue = [...order]
    for (let at = 0; queue.length > 0; at++) {
      const { atOnce, away, jobs, sweeps } = moments[at] ?? { atOnce: 1, away: false, jobs: true, sweeps: false }
      const batch = queue.splice(0, atOnce)
      wild.world.blobs.failWith(away ? storageUnavailable() : null)
      const done = await Promise.all(batch.map(wild.consume))
      wild.world.blobs.failWith(null)
      queue.push(...batch.filter((_, index) => !done[index]))
      if (sweeps) await wild.world.sweep(3_600_000)
      if (jobs) await wild.world.runJobs()
    }
    await settle(wild.world)
    expect(await describeAll(wild)).toEqual(wanted)
  })
  await fc.assert(property, { numRuns: RUNS, seed: SEED })
}, 120_000)
