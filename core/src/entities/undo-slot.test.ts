import { describe, expect, it } from 'vitest'
import {
  createWorld,
  everyFault,
  fillSlot,
  findDisorder,
  sampleBytes,
  THUMBNAIL,
  type World,
} from '../testing/index.ts'
import { clearSlot } from './clear-slot.ts'
import { REPLACED_GRACE_MS } from './entity.ts'
import { getSlot } from './get-slot.ts'
import { sweepSlots, UNSETTLED_AFTER_MS } from './settle-slot.ts'
import { undoSlot } from './undo-slot.ts'
import { waitForReplacement } from './wait-for-replacement.ts'

const [A, B] = [sampleBytes(1_000), sampleBytes(2_000)]
const address = { ...THUMBNAIL, projectId: null }

const shown = async (world: World) =>
  (await getSlot(world.deps, world.owner, { ...address, orEmpty: true })).image?.id ?? null
const endGrace = async (world: World) => {
  world.clock.advance(REPLACED_GRACE_MS)
  await world.runJobs()
}
const living = (world: World) =>
  [...world.memory.inspect().images.values()].filter(image => image.status !== 'deleted').map(image => image.id)

async function filledTwice(visibility: 'private' | 'public' = 'private') {
  const world = await createWorld({ settings: { visibility } })
  const first = (await fillSlot(world, A)).image.id
  const second = (await fillSlot(world, B)).image.id
  return { world, first, second }
}

describe('undo', () => {
  it('brings back the picture before, with a number of its own, and undone again the other one', async () => {
    const { world, first, second } = await filledTwice()
    await endGrace(world)
    const undone = await undoSlot(world.deps, world.owner, address)
    expect(undone).toMatchObject({ number: 3, source: 'undo', imageId: first })
    expect(await shown(world)).toBe(first)
    await endGrace(world)
    expect(living(world)).toEqual([first])
    await undoSlot(world.deps, world.owner, address)
    await endGrace(world)
    expect([await shown(world), living(world)]).toEqual([second, [second]])
  })

  it('takes a picture that is still there within the moment after the replacement', async () => {
    const { world, first } = await filledTwice()
    await undoSlot(world.deps, world.owner, address)
    await endGrace(world)
    expect([await shown(world), living(world)]).toEqual([first, [first]])
  })

  it('makes withdrawn variants anew, and leaves what is in place until then', async () => {
    const { world, first, second } = await filledTwice('public')
    await endGrace(world)
    const undone = await undoSlot(world.deps, world.owner, address)
    expect(await shown(world)).toBe(second)
    await world.runJobs()
    expect(await waitForReplacement(world.deps, undone, { requestId: 'r' })).toMatchObject({
      inPlace: true,
      image: { id: first, status: 'ready' },
    })
    expect(await shown(world)).toBe(first)
  })

  it('fills a slot that was emptied', async () => {
    const { world, second } = await filledTwice()
    await clearSlot(world.deps, world.owner, address)
    expect(await shown(world)).toBeNull()
    await undoSlot(world.deps, world.owner, address)
    expect(await shown(world)).toBe(second)
  })

  it('is refused when nothing before is kept, and where no slot is', async () => {
    const world = await createWorld()
    await expect(undoSlot(world.deps, world.owner, address)).rejects.toMatchObject({ code: 'not_found' })
    await fillSlot(world, A)
    await expect(undoSlot(world.deps, world.owner, address)).rejects.toMatchObject({ code: 'nothing_to_undo' })
    const { image } = await fillSlot(world, B)
    await endGrace(world)
    await world.endRetention()
    await expect(undoSlot(world.deps, world.owner, address)).rejects.toMatchObject({ code: 'nothing_to_undo' })
    expect(await shown(world)).toBe(image.id)
  })

  it('leaves one of the two pictures and no orphan, whatever goes wrong', async () => {
    for (const visibility of ['private', 'public'] as const) {
      const faults = await everyFault({
        scene: async () => {
          const scene = await filledTwice(visibility)
          await endGrace(scene.world)
          return scene
        },
        act: async ({ world }) => {
          await undoSlot(world.deps, world.owner, address)
          await world.runJobs()
        },
        check: async ({ world, first, second }) => {
          await world.runJobs()
          world.clock.advance(UNSETTLED_AFTER_MS + REPLACED_GRACE_MS + 1)
          await world.sweep()
          await world.runJobs()
          await sweepSlots(world.deps, 'sweep')
          await endGrace(world)
          const now = await shown(world)
          expect([first, second]).toContain(now)
          expect(living(world)).toEqual([now])
          await world.endRetention()
          await world.sweep()
          expect(findDisorder(world)).toEqual({ orphans: [], missing: [] })
        },
      })
      expect(faults).toBeGreaterThanOrEqual(8)
    }
  })
})
