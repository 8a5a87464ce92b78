import { describe, expect, it } from 'vitest'
import { findProject } from '../access/index.ts'
import { deleteImage } from '../images/index.ts'
import { corruptImage } from '../rendering/index.ts'
import {
  contextOf,
  createWorld,
  everyFault,
  fillSlot,
  findDisorder,
  sampleBytes,
  seedImage,
  sendToSlot,
  THUMBNAIL,
  upload,
  type World,
} from '../testing/index.ts'
import { clearSlot } from './clear-slot.ts'
import { MAX_SLOTS_PER_ENTITY, MAX_WAITING_REPLACEMENTS, REPLACED_GRACE_MS } from './entity.ts'
import { getSlot } from './get-slot.ts'
import { setSlot } from './replace-slot.ts'
import { sweepSlots, UNSETTLED_AFTER_MS } from './settle-slot.ts'
import { undoSlot } from './undo-slot.ts'
import { waitForReplacement } from './wait-for-replacement.ts'

const [A, B, C] = [sampleBytes(1_000), sampleBytes(2_000), sampleBytes(3_000)]
const wait = { requestId: 'test-request', maxWaitMs: 0 }

const shown = async (world: World, orEmpty = true) => {
  const view = await getSlot(world.deps, world.owner, { ...THUMBNAIL, projectId: null, orEmpty })
  return view.image?.id ?? null
}
const statusOf = (world: World, id: string) => world.memory.inspect().images.get(id)?.status
/** Lets the grace pass, so that what was replaced goes. */
const endGrace = async (world: World) => {
  world.clock.advance(REPLACED_GRACE_MS)
  await world.runJobs()
}
/** Everything that ever ends a replacement that was left alone. */
async function tidy(world: World) {
  await world.runJobs()
  world.clock.advance(UNSETTLED_AFTER_MS + REPLACED_GRACE_MS + 1)
  await world.sweep()
  await world.runJobs()
  await sweepSlots(world.deps, 'sweep')
  await world.runJobs()
  await endGrace(world)
  await world.sweep()
}
const living = (world: World) =>
  [...world.memory.inspect().images.values()].filter(image => image.status !== 'deleted').map(image => image.id)

describe('a replacement', () => {
  it('comes into place when its picture is ready, and the old one goes after a moment', async () => {
    const world = await createWorld()
    const first = await fillSlot(world, A)
    expect(first).toMatchObject({ inPlace: true, replacedImageId: null, replacement: { number: 1, state: 'current' } })
    const second = await sendToSlot(world, B)
    expect(await shown(world)).toBe(first.image.id)
    expect(await waitForReplacement(world.deps, second, wait)).toMatchObject({ inPlace: false, replacedImageId: null })
    await world.runJobs()
    expect(await shown(world)).toBe(second.imageId)
    expect(await waitForReplacement(world.deps, second, wait)).toMatchObject({ replacedImageId: first.image.id })
    // Whoever was told the old URL a moment ago gets to fetch it.
    expect(statusOf(world, first.image.id)).toBe('ready')
    await endGrace(world)
    expect(statusOf(world, first.image.id)).toBe('deleted')
    const view = await getSlot(world.deps, world.owner, { ...THUMBNAIL, projectId: null, orEmpty: false })
    expect(view.previous.map(each => each.image.id)).toEqual([first.image.id])
  })

  it('makes a record of its own of the same bytes, which share their original', async () => {
    const world = await createWorld()
    const { image } = await upload(world, A)
    const first = await fillSlot(world, A)
    const second = await fillSlot(world, A, { ...THUMBNAIL, slot: 'banner' })
    expect(new Set([image.id, first.image.id, second.image.id]).size).toBe(3)
    expect([...world.memory.inspect().originals.keys()]).toHaveLength(1)
    expect((await upload(world, A)).image.id).toBe(image.id)
    expect(findDisorder(world)).toEqual({ orphans: [], missing: [] })
  })

  it('that is overtaken gets slot_superseded, and its picture is removed', async () => {
    const world = await createWorld()
    const early = await sendToSlot(world, A)
    const late = await sendToSlot(world, B)
    const project = await findProject(world.deps.database, world.owner, { projectId: null, action: 'image.read' })
    const ready = await seedImage(world.memory, project, { status: 'ready' })
    const winner = await setSlot(world.deps, world.owner, { ...THUMBNAIL, projectId: null, imageId: ready.id })
    for (const each of [early, late])
      await expect(waitForReplacement(world.deps, each, wait)).rejects.toMatchObject({ code: 'slot_superseded' })
    await world.runJobs()
    expect(winner.number).toBe(3)
    expect([await shown(world), statusOf(world, early.imageId), statusOf(world, late.imageId)]).toEqual([
      ready.id,
      'deleted',
      'deleted',
    ])
  })

  it('whose picture is refused leaves the old one, and says why', async () => {
    const world = await createWorld()
    const first = await fillSlot(world, A)
    world.engine.error = corruptImage('drawn so')
    const second = await sendToSlot(world, B)
    await world.runJobs()
    await expect(waitForReplacement(world.deps, second, wait)).rejects.toMatchObject({
      code: 'corrupt_image',
      details: { image_id: second.imageId },
    })
    expect([await shown(world), statusOf(world, second.imageId)]).toEqual([first.image.id, 'deleted'])
    await world.endRetention()
    expect(findDisorder(world)).toEqual({ orphans: [], missing: [] })
  })

  it('wakes its caller when the picture is ready', async () => {
    const world = await createWorld()
    const replacement = await sendToSlot(world, A)
    const answer = waitForReplacement(world.deps, replacement, { requestId: 'r', maxWaitMs: 20_000 })
    await world.runJobs()
    expect(await answer).toMatchObject({ inPlace: true, image: { id: replacement.imageId } })
  })

  it('with a picture that was there before leaves it alone when it comes too late', async () => {
    const world = await createWorld()
    const { image } = await upload(world, A)
    const given = await setSlot(world.deps, world.owner, { ...THUMBNAIL, projectId: null, imageId: image.id })
    expect(given.state).toBe('waiting')
    await clearSlot(world.deps, world.owner, { ...THUMBNAIL, projectId: null })
    await world.runJobs()
    expect([await shown(world), statusOf(world, image.id)]).toEqual([null, 'ready'])
  })

  it('leaves a picture that another slot shows', async () => {
    const world = await createWorld()
    const first = await fillSlot(world, A)
    const banner = { ...THUMBNAIL, slot: 'banner', projectId: null }
    await setSlot(world.deps, world.owner, { ...banner, imageId: first.image.id })
    await fillSlot(world, B)
    await endGrace(world)
    expect(statusOf(world, first.image.id)).toBe('ready')
    await clearSlot(world.deps, world.owner, banner)
    expect(statusOf(world, first.image.id)).toBe('deleted')
  })

  it('is made once for each Idempotency-Key', async () => {
    const world = await createWorld()
    const ctx = { ...world.owner, once: { route: 'POST slot', key: 'k' } }
    const first = await sendToSlot(world, A, THUMBNAIL, ctx)
    const again = await sendToSlot(world, A, THUMBNAIL, ctx)
    expect(again).toMatchObject({ number: first.number, imageId: first.imageId })
    await expect(sendToSlot(world, B, THUMBNAIL, ctx)).rejects.toMatchObject({ code: 'idempotency_key_reused' })
    await tidy(world)
    expect(findDisorder(world)).toEqual({ orphans: [], missing: [] })
  })

  it('is refused past the limits of slots and of what waits', async () => {
    const world = await createWorld()
    for (let n = 0; n < MAX_WAITING_REPLACEMENTS; n++) await sendToSlot(world, A)
    await expect(sendToSlot(world, A)).rejects.toMatchObject({ code: 'limit_reached' })
    for (let n = 1; n < MAX_SLOTS_PER_ENTITY; n++) await sendToSlot(world, A, { ...THUMBNAIL, slot: `s${n}` })
    await expect(sendToSlot(world, A, { ...THUMBNAIL, slot: 'more' })).rejects.toMatchObject({ code: 'limit_reached' })
  })

  it('is for those who may write in the project, under names that fit', async () => {
    const world = await createWorld()
    const viewer = contextOf(world.project, { role: 'viewer' })
    await expect(sendToSlot(world, A, THUMBNAIL, viewer)).rejects.toMatchObject({ code: 'forbidden' })
    for (const wrong of [{ slot: 'gallery' }, { slot: 'Big' }, { type: '9x' }, { entityId: 'a b' }])
      await expect(sendToSlot(world, A, { ...THUMBNAIL, ...wrong })).rejects.toMatchObject({ code: 'invalid_request' })
    expect(world.blobs.keys()).toEqual([])
  })
})

describe('a slot', () => {
  it('is emptied by a delete, which what was accepted before does not survive', async () => {
    const world = await createWorld()
    const first = await fillSlot(world, A)
    const second = await sendToSlot(world, B)
    await clearSlot(world.deps, world.owner, { ...THUMBNAIL, projectId: null })
    await clearSlot(world.deps, world.owner, { ...THUMBNAIL, projectId: null })
    await expect(waitForReplacement(world.deps, second, wait)).rejects.toMatchObject({ code: 'slot_superseded' })
    await world.runJobs()
    expect([await shown(world), living(world)]).toEqual([null, []])
    await expect(shown(world, false)).rejects.toMatchObject({ code: 'not_found' })
    await fillSlot(world, C)
    expect(await shown(world)).not.toBe(first.image.id)
  })

  it('is empty while its picture is deleted by itself, and brings it back by undo', async () => {
    const world = await createWorld()
    const { image } = await fillSlot(world, A)
    await deleteImage(world.deps, world.owner, { imageId: image.id })
    const view = await getSlot(world.deps, world.owner, { ...THUMBNAIL, projectId: null, orEmpty: true })
    expect([view.image, view.previous.map(each => each.image.id)]).toEqual([null, [image.id]])
    await undoSlot(world.deps, world.owner, { ...THUMBNAIL, projectId: null })
    expect(await shown(world)).toBe(image.id)
  })

  it('is forgotten when nothing is left of it', async () => {
    const world = await createWorld()
    await fillSlot(world, A)
    await clearSlot(world.deps, world.owner, { ...THUMBNAIL, projectId: null })
    await world.endRetention()
    expect((await sweepSlots(world.deps, 'sweep')).forgotten).toBe(0)
    world.clock.advance(4 * 86_400_000)
    await world.sweep()
    expect((await sweepSlots(world.deps, 'sweep')).forgotten).toBe(1)
  })
})

describe('whatever goes wrong', () => {
  it('in a replacement leaves the old picture or the new one, and no orphan', async () => {
    const faults = await everyFault({
      scene: async () => {
        const world = await createWorld()
        return { world, first: await fillSlot(world, A) }
      },
      act: ({ world }) => fillSlot(world, B),
      check: async ({ world, first }) => {
        expect(await shown(world)).not.toBeNull()
        await tidy(world)
        const now = await shown(world)
        expect(living(world)).toEqual([now])
        expect(now === first.image.id || world.memory.inspect().images.get(now ?? '')?.sizeBytes === B.length).toBe(
          true,
        )
        await world.endRetention()
        await world.sweep()
        expect(findDisorder(world)).toEqual({ orphans: [], missing: [] })
      },
    })
    expect(faults).toBeGreaterThan(30)
  })
})
