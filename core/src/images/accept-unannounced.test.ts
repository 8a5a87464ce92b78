import { expect, it } from 'vitest'
import { begin, createWorld, everyFault, findDisorder, putDirectly, sampleBytes } from '../testing/index.ts'
import { storageUnavailable } from './errors.ts'

const BYTES = sampleBytes(2_000)
/** As the program has it: young objects are nobody's orphans. */
const GRACE_MS = 3_600_000

async function sent(bytes = BYTES) {
  const world = await createWorld()
  const { image } = await begin(world, { sizeBytes: BYTES.length })
  await putDirectly(world, image.id, bytes)
  return { world, load: () => world.memory.images.load(image.projectId, image.id) }
}

it('the next sweep finds an upload that nobody announced, and the one after it nothing', async () => {
  const { world, load } = await sent()
  await begin(world, { sizeBytes: BYTES.length })
  expect(await world.sweep(GRACE_MS)).toMatchObject({ unannounced: 1, accepted: 0, orphans: 0 })
  await world.runJobs()
  expect(await load()).toMatchObject({ status: 'ready', confirmedAt: null })
  expect(await world.sweep(GRACE_MS)).toMatchObject({ unannounced: 0 })
})

it('fails an upload that is not what was announced', async () => {
  const { world, load } = await sent(sampleBytes(1_999))
  expect(await world.sweep(GRACE_MS)).toMatchObject({ unannounced: 1 })
  expect(await load()).toMatchObject({ status: 'failed', failure: { code: 'size_mismatch' } })
})

it('leaves the upload to the next sweep while storage is away', async () => {
  const { world, load } = await sent()
  world.blobs.failWith(storageUnavailable())
  await expect(world.sweep(GRACE_MS)).rejects.toMatchObject({ code: 'storage_unavailable' })
  expect(await load()).toMatchObject({ status: 'pending_upload' })
  world.blobs.failWith(null)
  expect(await world.sweep(GRACE_MS)).toMatchObject({ unannounced: 1 })
})

it('loses nothing whichever call fails', async () => {
  await everyFault({
    scene: sent,
    act: ({ world }) => world.sweep(GRACE_MS),
    check: async ({ world, load }) => {
      await world.sweep(GRACE_MS)
      await world.runJobs()
      expect(await load()).toMatchObject({ status: 'ready' })
      expect(findDisorder(world)).toEqual({ orphans: [], missing: [] })
    },
  })
})
