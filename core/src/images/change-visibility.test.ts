import { describe, expect, it } from 'vitest'
import { changeProject } from '../access/index.ts'
import type { VariantSpec } from '../rendering/index.ts'
import { createWorld, everyFault, firstRun, remakeScene, sampleBytes, upload, type World } from '../testing/index.ts'
import { deleteImage } from './delete-images.ts'
import type { Image } from './image.ts'
import { visibilityOf } from './keys.ts'
import { moveToProject } from './move-project.ts'
import { remakeImage } from './remake-image.ts'
import { remakeAfterChange, remakeProject, steerRemake } from './remake-project.ts'
import { restoreImage } from './restore-image.ts'

const { isWhole, load, progress, TWO_LIVES_MS } = remakeScene

type Visibility = 'private' | 'public'

const SMALL: readonly VariantSpec[] = [
  { name: 'full', width: 600, height: 600, fit: 'inside', formats: ['webp', 'jpeg'], maxBytes: null },
]

const change = async (world: World, settings: { visibility?: Visibility; variants?: readonly VariantSpec[] }) => {
  const remake: NonNullable<Parameters<typeof changeProject>[0]['remake']> = (tx, ctx, project) =>
    remakeAfterChange(world.deps, tx, ctx, project)
  const deps = { ...world.deps, remake, maxUploadBytes: 10_000 }
  await changeProject(deps, world.owner, { projectId: world.project.id, settings })
  const run = await world.memory.remakes.findActive(world.project.id)
  if (!run) throw new Error('No run was begun')
  return run
}

/** A project with a ready image. */
async function ready(visibility: Visibility) {
  const world = await createWorld({ settings: { visibility } })
  const { image } = await upload(world, sampleBytes(500))
  await world.runJobs()
  return { world, image }
}

const placesOf = async (world: World, image: Image) => [
  ...new Set((await load(world, image)).variants.map(({ objectKey }) => visibilityOf(objectKey))),
]
const heldUnder = (world: World, visibility: Visibility) =>
  world.blobs.keys().filter(key => key.startsWith(`${visibility}/`)).length

describe('a project that becomes public', () => {
  it('moves the files of its images as they are, and leaves the old ones while a signed URL may lead to them', async () => {
    const { world, image } = await ready('private')
    const rendered = world.engine.requests.length
    const run = await change(world, { visibility: 'public' })
    await world.runJobs()
    expect(await progress(world, run.id)).toMatchObject({ state: 'completed', total: 1, done: 1 })
    expect(await placesOf(world, image)).toEqual(['public'])
    expect(world.engine.requests).toHaveLength(rendered)
    expect((await load(world, image)).history.at(-1)?.detail).toBe('variants moved to public')
    world.clock.advance(TWO_LIVES_MS - 1_000)
    await world.runJobs()
    expect([heldUnder(world, 'private'), heldUnder(world, 'public')]).toEqual([6, 6])
    await isWhole(world)
    expect(heldUnder(world, 'private')).toBe(0)
  })

  it('makes a file anew that storage lost', async () => {
    const { world, image } = await ready('private')
    const [lost] = (await load(world, image)).variants
    await world.blobs.remove([lost?.objectKey ?? ''], { projectId: world.project.id, purpose: 'variant' })
    const run = await change(world, { visibility: 'public' })
    await world.runJobs()
    expect(await progress(world, run.id)).toMatchObject({ state: 'completed', done: 1 })
    expect(await placesOf(world, image)).toEqual(['public'])
  })
})

describe('a project that becomes private', () => {
  it('cannot stop halfway: its run is not cancelled while a file is public, and is afterwards', async () => {
    const { world, image } = await ready('public')
    const run = await change(world, { visibility: 'private' })
    const cancel = () => steerRemake(world.deps, world.owner, { runId: run.id, action: 'cancel' })
    await expect(cancel()).rejects.toMatchObject({ code: 'invalid_transition' })
    await world.runJobs()
    expect(await placesOf(world, image)).toEqual(['private'])
    const { id } = await remakeProject(world.deps, world.owner, { projectId: world.project.id, imageIds: null })
    expect(await steerRemake(world.deps, world.owner, { runId: id, action: 'cancel' })).toMatchObject({
      state: 'cancelled',
    })
  })

  it('takes what was public from storage and CDN at once', async () => {
    const { world, image } = await ready('public')
    const old = (await load(world, image)).variants.map(({ objectKey }) => objectKey)
    await change(world, { visibility: 'private' })
    await world.runJobs()
    expect([heldUnder(world, 'public'), heldUnder(world, 'private')]).toEqual([0, 6])
    expect(world.invalidated).toEqual(expect.arrayContaining(old))
    await isWhole(world)
  })

  it('moves first and remakes afterwards where the variants are others, too; without an original it only moves', async () => {
    const { world, image } = await ready('public')
    const { image: stays } = await upload(world, sampleBytes(600))
    await world.runJobs()
    await world.memory.images.update(
      { projectId: stays.projectId, imageId: stays.id, status: 'ready' },
      { originalKey: null },
    )
    const run = await change(world, { visibility: 'private', variants: SMALL })
    await world.runJobs()
    expect(await progress(world, run.id)).toMatchObject({ state: 'completed', total: 2, done: 1, failed: 1 })
    expect([await placesOf(world, image), await placesOf(world, stays)]).toEqual([['private'], ['private']])
    expect((await load(world, image)).variants.map(({ width }) => width)).toEqual([600, 600])
  })

  it('leaves nothing public of what is deleted before it moved', async () => {
    const { world, image } = await ready('public')
    await change(world, { visibility: 'private' })
    await deleteImage(world.deps, world.owner, { imageId: image.id })
    await world.runJobs()
    expect(heldUnder(world, 'public')).toBe(0)
    await restoreImage(world.deps, world.owner, { imageId: image.id })
    await world.runJobs()
    expect(await placesOf(world, image)).toEqual(['private'])
    await isWhole(world)
  })

  it('sees to it that an attempt that began before stores nothing public', async () => {
    const world = await createWorld({ settings: { visibility: 'public' } })
    const { image } = await upload(world, sampleBytes(500))
    const { render } = world.engine
    world.engine.render = async request => {
      world.engine.render = render
      await change(world, { visibility: 'private' })
      return render(request)
    }
    await world.runJobs()
    world.clock.advance(60_000)
    await world.runJobs()
    const told = (await load(world, image)).history.map(({ detail }) => detail)
    expect(told).toContain('visibility changed')
    expect(told.some(detail => detail?.startsWith('variants moved'))).toBe(false)
    expect([await placesOf(world, image), heldUnder(world, 'public')]).toEqual([['private'], 0])
    await isWhole(world)
  })

  it('takes no image from elsewhere on the terms of before', async () => {
    const { world, image } = await ready('private')
    const stale = { ...world.project, settings: { ...world.project.settings, visibility: 'public' as const } }
    const current = await load(world, image)
    await expect(moveToProject(world.deps, world.owner, current, stale, {})).rejects.toMatchObject({ code: 'conflict' })
  })
})

it.each<[Visibility, Visibility]>([
  ['private', 'public'],
  ['public', 'private'],
])('a move from %s to %s serves the old or the new whichever call fails', async (from, to) => {
  const faults = await everyFault({
    scene: async () => {
      const { world, image } = await ready(from)
      const run = await change(world, { visibility: to })
      await world.memory.remakes.takeWaiting(world.project.id, run.id, 9)
      return { world, image, run }
    },
    act: ({ world, image, run }) =>
      remakeImage(
        world.deps,
        { projectId: world.project.id, imageId: image.id, runId: run.id, requestId: 'r' },
        firstRun(world),
      ),
    check: async ({ world, image, run }) => {
      for (const { objectKey } of (await load(world, image)).variants)
        expect(world.blobs.bytes(objectKey)).not.toBeNull()
      await world.sweep()
      await world.runJobs()
      expect(await progress(world, run.id)).toMatchObject({ state: 'completed', done: 1 })
      expect(await placesOf(world, image)).toEqual([to])
      await isWhole(world)
      expect(heldUnder(world, from)).toBe(0)
    },
  })
  expect(faults).toBeGreaterThan(15)
})
