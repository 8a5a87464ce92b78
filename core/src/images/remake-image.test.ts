import { describe, expect, it } from 'vitest'
import { newId } from '../ids.ts'
import { corruptImage, DEFAULT_VARIANTS, engineCrashed } from '../rendering/index.ts'
import {
  bodyOf,
  contextOf,
  createWorld,
  firstRun,
  remakeScene,
  sampleBytes,
  seedImage,
  type World,
} from '../testing/index.ts'
import { MAX_ENGINE_FAILURES, MAX_LOST_ATTEMPTS } from './attempt.ts'
import { deleteImage } from './delete-images.ts'
import { storageUnavailable } from './errors.ts'
import { UNREADY_PAUSE_MS } from './remake-attempt.ts'
import { remakeImage } from './remake-image.ts'
import { advanceRemake, REMAKE_BATCH } from './remake-progress.ts'
import { findRemake, MAX_NAMED_REMAKES, remakeAfterChange, remakeProject, steerRemake } from './remake-project.ts'
import { restoreImage } from './restore-image.ts'

const { begin, changed, isWhole, load, names, NEW, progress, setVariants, started, TWO_LIVES_MS } = remakeScene

describe('a run', () => {
  it('remakes every ready image and counts it', async () => {
    const { world, images, run } = await started(3)
    expect(run).toMatchObject({ state: 'running', total: 3, done: 0 })
    const before = await load(world, images[0])
    await world.runJobs()
    expect(await progress(world, run.id)).toMatchObject({
      state: 'completed',
      total: 3,
      done: 3,
      failed: 0,
      finishedAt: expect.any(Date),
    })
    for (const image of images) {
      const remade = await load(world, image)
      expect(names(remade)).toEqual(NEW)
      expect(remade).toMatchObject({ status: 'ready', attempt: before.attempt + 1 })
      expect(remade.history.at(-1)).toMatchObject({
        status: 'ready',
        detail: expect.stringContaining('variants remade'),
      })
    }
    await isWhole(world)
  })

  it('leaves the old files while a signed URL may lead to them, and not longer', async () => {
    const { world, images } = await started()
    const old = (await load(world, images[0])).variants.map(variant => variant.objectKey)
    await world.runJobs()
    const held = () => old.filter(key => world.blobs.bytes(key) !== null).length
    world.clock.advance(TWO_LIVES_MS - 1_000)
    await world.runJobs()
    await world.sweep()
    expect(held()).toBe(6)
    world.clock.advance(1_000)
    await world.runJobs()
    expect(held()).toBe(0)
    await isWhole(world)
  })

  it('finds nothing to do where the recipe is the same', async () => {
    const { world, run } = await started()
    await world.runJobs()
    const { requests } = world.engine
    const rendered = requests.length
    const again = await begin(world)
    await world.runJobs()
    expect(await progress(world, again.id)).toMatchObject({ state: 'completed', done: 1 })
    expect(again.id).not.toBe(run.id)
    expect(requests).toHaveLength(rendered)
  })

  it('goes through more images than have a job at a time', async () => {
    const world = await createWorld()
    const total = 2 * REMAKE_BATCH + 30
    const run = await begin(
      world,
      Array.from({ length: total }, () => newId()),
    )
    const payload = { projectId: world.project.id, runId: run.id, requestId: 'r' }
    for (const _time of [1, 2]) await advanceRemake(world.deps, payload)
    expect(world.memory.queue.list().filter(job => job.name === 'image.remake')).toHaveLength(2 * REMAKE_BATCH)
    await world.runJobs()
    expect(await progress(world, run.id)).toMatchObject({ state: 'completed', skipped: total })
  })

  it('is over at once without images, and refuses to name too many', async () => {
    const world = await createWorld()
    expect(await begin(world)).toMatchObject({ state: 'completed', total: 0 })
    const ids = Array.from({ length: MAX_NAMED_REMAKES + 1 }, (_, index) => String(index))
    for (const imageIds of [ids, []])
      await expect(begin(world, imageIds)).rejects.toMatchObject({ code: 'invalid_request' })
  })

  it('is the only one of its project, but new variants replace it', async () => {
    const { world, images, run } = await started(2)
    await expect(begin(world)).rejects.toMatchObject({ code: 'reprocess_under_way' })
    await setVariants(world, DEFAULT_VARIANTS.slice(0, 1))
    const project = await world.memory.projects.load(world.project.id)
    if (!project) throw new Error('The project is gone')
    await world.deps.database.transaction(tx => remakeAfterChange(world.deps, tx, world.owner, project))
    await world.runJobs()
    expect(await progress(world, run.id)).toMatchObject({ state: 'cancelled', done: 0 })
    expect(names(await load(world, images[1]))).toEqual(['thumb 150 avif', 'thumb 150 webp', 'thumb 150 jpeg'])
    await isWhole(world)
  })

  it('is for those who manage the project, and answers once for each Idempotency-Key', async () => {
    const { world } = await changed()
    const member = contextOf(world.project, { role: 'member' })
    const input = { projectId: null, imageIds: null }
    await expect(remakeProject(world.deps, member, input)).rejects.toMatchObject({ code: 'forbidden' })
    const ctx = { ...world.owner, once: { route: 'POST /reprocess', key: 'k' } }
    const run = await remakeProject(world.deps, ctx, input)
    expect((await remakeProject(world.deps, ctx, input)).id).toBe(run.id)
    await expect(findRemake(world.deps, member, { runId: run.id })).rejects.toMatchObject({ code: 'forbidden' })
    const stranger = contextOf({ ...world.project, organizationId: 'other' })
    await expect(findRemake(world.deps, stranger, { runId: run.id })).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('steering a run', () => {
  const steer = (world: World, runId: string, action: 'pause' | 'resume' | 'cancel') =>
    steerRemake(world.deps, world.owner, { runId, action })

  it('pauses before the next image and goes on where it was', async () => {
    const { world, images, run } = await started(3)
    await steer(world, run.id, 'pause')
    expect(await steer(world, run.id, 'pause')).toMatchObject({ state: 'paused' })
    await world.runJobs()
    await world.sweep()
    await world.runJobs()
    expect(await progress(world, run.id)).toMatchObject({ state: 'paused', done: 0 })
    expect(names(await load(world, images[0]))).toHaveLength(6)
    expect(await steer(world, run.id, 'resume')).toMatchObject({ state: 'running' })
    await world.runJobs()
    expect(await progress(world, run.id)).toMatchObject({ state: 'completed', done: 3 })
    await expect(steer(world, run.id, 'cancel')).rejects.toMatchObject({ code: 'invalid_transition' })
  })

  it('cancels for good: an attempt under way records nothing and leaves nothing', async () => {
    const { world, images, run } = await started(2)
    const { render } = world.engine
    world.engine.render = async request => {
      await steer(world, run.id, 'cancel')
      return render(request)
    }
    await world.runJobs()
    expect(await progress(world, run.id)).toMatchObject({ state: 'cancelled', done: 0, finishedAt: expect.any(Date) })
    for (const image of images) expect(names(await load(world, image))).toHaveLength(6)
    await expect(steer(world, run.id, 'resume')).rejects.toMatchObject({ code: 'invalid_transition' })
    await isWhole(world)
  })
})

describe('an image of a run', () => {
  it('whose original is no longer kept counts as failed and keeps what it has', async () => {
    const { world, images, run } = await started()
    const image = await load(world, images[0])
    await world.memory.images.update(
      { projectId: image.projectId, imageId: image.id, status: 'ready' },
      { originalKey: null },
    )
    await world.runJobs()
    const failures = [{ code: 'original_gone', count: 1 }]
    expect(await progress(world, run.id)).toMatchObject({ state: 'completed', failed: 1, failures })
    expect(names(await load(world, image))).toHaveLength(6)
  })

  it('that is refused now keeps what it has', async () => {
    const { world, images, run } = await started()
    world.engine.error = corruptImage('drawn so')
    await world.runJobs()
    expect(await progress(world, run.id)).toMatchObject({ failed: 1, failures: [{ code: 'corrupt_image', count: 1 }] })
    expect(await load(world, images[0])).toMatchObject({ status: 'ready', failure: null })
    await isWhole(world)
  })

  it('that breaks the engine is tried a few times; storage that is away is waited for', async () => {
    const { world, images, run } = await started()
    const payload = { projectId: world.project.id, imageId: images[0]?.id ?? '', runId: run.id, requestId: 'r' }
    const tryIt = (attempt: number) => remakeImage(world.deps, payload, { ...firstRun(world), attempt })
    world.blobs.failWith(storageUnavailable())
    await expect(tryIt(MAX_ENGINE_FAILURES + 1)).rejects.toMatchObject({ code: 'storage_unavailable' })
    world.blobs.failWith(null)
    world.engine.error = engineCrashed('SIGSEGV')
    await expect(tryIt(1)).rejects.toMatchObject({ code: 'engine_crashed' })
    expect(await tryIt(MAX_ENGINE_FAILURES)).toEqual({ outcome: 'failed' })
    expect(await progress(world, run.id)).toMatchObject({ state: 'completed', failed: 1 })
  })

  it('that takes the server down again and again counts as failed', async () => {
    const { world, images, run } = await started()
    const key = { projectId: world.project.id, runId: run.id, imageId: images[0]?.id ?? '' }
    await world.memory.remakes.setItem(key, { state: 'working', losses: MAX_LOST_ATTEMPTS - 1 })
    await remakeImage(world.deps, { ...key, requestId: 'r' }, firstRun(world))
    expect(await progress(world, run.id)).toMatchObject({ failures: [{ code: 'attempts_lost', count: 1 }] })
  })

  it('that was deleted, or is deleted meanwhile, is skipped and leaves nothing', async () => {
    const { world, images, run } = await started(2)
    const { render } = world.engine
    await deleteImage(world.deps, world.owner, { imageId: images[0]?.id ?? '' })
    world.engine.render = async request => {
      await deleteImage(world.deps, world.owner, { imageId: images[1]?.id ?? '' })
      return render(request)
    }
    await world.runJobs()
    expect(await progress(world, run.id)).toMatchObject({ state: 'completed', skipped: 2, done: 0 })
    for (const image of images) {
      const { status, variants } = await restoreImage(world.deps, world.owner, { imageId: image.id })
      expect([status, variants.length]).toEqual(['ready', 6])
    }
    await isWhole(world)
  })

  it('that is just being processed is remade afterwards', async () => {
    const world = await createWorld()
    const image = await seedImage(world.memory, world.project, { status: 'processing' })
    const put = { maxBytes: 9_999, contentType: 'image/jpeg' }
    const by = { projectId: image.projectId, purpose: 'original' as const }
    await world.blobs.put(image.originalKey ?? '', bodyOf(sampleBytes(100)), put, by)
    const run = await begin(world)
    await world.runJobs()
    expect(await progress(world, run.id)).toMatchObject({ state: 'running', total: 1, done: 0 })
    const move = { projectId: image.projectId, imageId: image.id, from: 'processing', to: 'ready' } as const
    await world.memory.images.move({ ...move, at: world.clock.now(), detail: null, change: {} })
    world.clock.advance(UNREADY_PAUSE_MS)
    await world.runJobs()
    expect(await progress(world, run.id)).toMatchObject({ state: 'completed', done: 1 })
    expect((await load(world, image)).variants).toHaveLength(6)
  })

  it('whose job was lost gets another one from the sweep', async () => {
    const { world, run } = await started()
    await world.memory.remakes.takeWaiting(world.project.id, run.id, 9)
    await world.sweep()
    await world.runJobs()
    expect(await progress(world, run.id)).toMatchObject({ state: 'completed', done: 1 })
  })
})
