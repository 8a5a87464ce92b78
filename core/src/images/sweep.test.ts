import { describe, expect, it } from 'vitest'
import {
  begin,
  bodyOf,
  createWorld,
  everyFault,
  findDisorder,
  putDirectly,
  sampleBytes,
  seedImage,
  send,
  upload,
  type World,
} from '../testing/index.ts'
import { deleteImage } from './delete-images.ts'
import { storageUnavailable } from './errors.ts'
import { PURGED_RECORD_MS } from './retention.ts'
import { STALE_UPLOAD_GRACE_MS, STRANDED_AFTER_MS } from './sweep.ts'

const BYTES = sampleBytes(2_000)
const URL_LIFE_MS = 900_000
const GRACE_MS = 3_600_000
const BY = { projectId: '', purpose: 'care' as const }

const load = (world: World, image: { projectId: string; id: string }) =>
  world.memory.images.load(image.projectId, image.id)

describe('a stale upload', () => {
  it('expires one hour after its URL did, and not a moment earlier', async () => {
    expect(STALE_UPLOAD_GRACE_MS).toBe(3_600_000)
    const world = await createWorld()
    const { image } = await begin(world)
    world.clock.advance(URL_LIFE_MS + STALE_UPLOAD_GRACE_MS - 1)
    expect(await world.sweep()).toMatchObject({ expired: 0 })
    expect(await world.sweep()).toMatchObject({ expired: 1, accepted: 0 })
    expect(await load(world, image)).toMatchObject({ status: 'failed', failure: { code: 'upload_expired' } })
    expect(await world.sweep()).toMatchObject({ expired: 0 })
  })

  it('expires only after storage was asked', async () => {
    const world = await createWorld()
    const { image } = await begin(world)
    world.clock.advance(URL_LIFE_MS + STALE_UPLOAD_GRACE_MS + 1)
    world.blobs.failWith(storageUnavailable())
    await expect(world.sweep()).rejects.toMatchObject({ code: 'storage_unavailable' })
    expect(await load(world, image)).toMatchObject({ status: 'pending_upload' })
    world.blobs.failWith(null)
    expect(await world.sweep()).toMatchObject({ expired: 1 })
  })

  it('is accepted when its bytes are there, though nobody said so', async () => {
    const world = await createWorld()
    const { image } = await begin(world, { sizeBytes: BYTES.length })
    await putDirectly(world, image.id, BYTES)
    world.clock.advance(URL_LIFE_MS + STALE_UPLOAD_GRACE_MS)
    expect(await world.sweep()).toMatchObject({ expired: 0, accepted: 1 })
    await world.runJobs()
    expect(await load(world, image)).toMatchObject({ status: 'ready' })
  })

  it('whose bytes are not what was announced fails by that, and keeps the others from nothing', async () => {
    const world = await createWorld()
    const wrong = await begin(world, { sizeBytes: 5 })
    await putDirectly(world, wrong.image.id, BYTES)
    await begin(world)
    world.clock.advance(URL_LIFE_MS + STALE_UPLOAD_GRACE_MS)
    expect(await world.sweep()).toMatchObject({ expired: 1, accepted: 0 })
    expect(await load(world, wrong.image)).toMatchObject({ status: 'failed', failure: { code: 'size_mismatch' } })
    await world.runJobs()
    expect(world.blobs.keys()).toEqual([])
  })

  it('leaves no bytes that come after it expired', async () => {
    const world = await createWorld()
    const { image } = await begin(world)
    world.clock.advance(URL_LIFE_MS + STALE_UPLOAD_GRACE_MS)
    await world.sweep()
    await putDirectly(world, image.id, BYTES)
    await world.runJobs()
    expect(world.blobs.keys()).toEqual([])
    await putDirectly(world, image.id, BYTES)
    expect(await world.sweep()).toMatchObject({ orphans: 1 })
    expect(world.blobs.keys()).toEqual([])
  })
})

describe('an image that waits without a job', () => {
  it.each(['uploaded', 'processing'] as const)('is given a new one when it is %s', async status => {
    const world = await createWorld()
    const { id, updatedAt } = await seedImage(world.memory, world.project, { status, at: world.clock.now() })
    world.clock.set(new Date(updatedAt.getTime() + STRANDED_AFTER_MS - 1))
    expect(await world.sweep()).toMatchObject({ requeued: 0 })
    expect(await world.sweep()).toMatchObject({ requeued: 1 })
    expect(world.memory.queue.list()).toMatchObject([{ name: 'image.process', payload: { imageId: id } }])
    expect(await world.sweep()).toMatchObject({ requeued: 0 })
  })

  it('is given one although storage is away', async () => {
    const world = await createWorld()
    await begin(world)
    await seedImage(world.memory, world.project, { at: world.clock.now() })
    world.clock.advance(URL_LIFE_MS + STALE_UPLOAD_GRACE_MS)
    world.blobs.failWith(storageUnavailable())
    await expect(world.sweep()).rejects.toMatchObject({ code: 'storage_unavailable' })
    expect(world.memory.queue.list()).toMatchObject([{ name: 'image.process' }])
  })
})

describe('an object that belongs to nothing', () => {
  it('is the original of a refused image, too, whose removal was given up', async () => {
    const world = await createWorld()
    const { image } = await upload(world, BYTES)
    await world.memory.originals.markPurging(image.projectId, image.originalKey ?? '')
    await world.sweep()
    expect(world.blobs.keys()).toEqual([])
  })

  it('is what an attempt left of an image that was deleted meanwhile and can be restored', async () => {
    const world = await createWorld()
    const { image } = await upload(world, BYTES)
    const left = `private/${image.projectId}/${image.id}/r1/full.jpg`
    await world.blobs.put(left, bodyOf(BYTES), { maxBytes: 9_999, contentType: '' }, BY)
    await deleteImage(world.deps, world.owner, { imageId: image.id })
    await world.sweep()
    expect(world.blobs.keys()).toEqual([image.originalKey])
  })

  it('is removed when it is older than the grace, wherever it lies', async () => {
    const world = await createWorld()
    const { image } = await upload(world, BYTES)
    await world.runJobs()
    const pending = await begin(world, { sizeBytes: 1_999 })
    await send(world, pending, sampleBytes(1_999))
    const { id: projectId } = world.project
    const belonging = [...world.blobs.keys()]
    const orphans = [
      `uploads/${'0'.repeat(26)}`,
      `private/${projectId}/${image.id}/r0/full.jpg`,
      `public/${projectId}/${'0'.repeat(26)}/r1/thumb.webp`,
    ]
    for (const key of orphans) await world.blobs.put(key, bodyOf(BYTES), { maxBytes: 9_999, contentType: '' }, BY)
    world.clock.advance(GRACE_MS - 1)
    expect(await world.sweep(GRACE_MS)).toMatchObject({ orphans: 3 })
    expect(world.blobs.keys()).toEqual(belonging)
  })

  it('stays while it is younger, because somebody may just be about to refer to it', async () => {
    const world = await createWorld()
    await world.blobs.put('uploads/x', bodyOf(BYTES), { maxBytes: 9_999, contentType: '' }, BY)
    world.clock.advance(GRACE_MS - 2)
    expect(await world.sweep(GRACE_MS)).toMatchObject({ orphans: 0 })
    expect(world.blobs.keys()).toEqual(['uploads/x'])
  })

  it('is counted as removed only when it went', async () => {
    const world = await createWorld()
    await world.blobs.put('uploads/x', bodyOf(BYTES), { maxBytes: 9_999, contentType: '' }, BY)
    world.deps.blobs = { ...world.blobs, remove: async keys => keys }
    expect(await world.sweep()).toMatchObject({ orphans: 0 })
  })

  it('is found among more objects than are looked up at once', async () => {
    const world = await createWorld()
    for (let index = 0; index < 1_201; index++)
      await world.blobs.put(`uploads/${index}`, bodyOf(Buffer.from('x')), { maxBytes: 9, contentType: '' }, BY)
    expect(await world.sweep()).toMatchObject({ orphans: 1_201 })
    expect(world.blobs.keys()).toEqual([])
  })
})

it('purges deleted images whose job did not, and forgets them when no URL can remember them', async () => {
  const world = await createWorld({ settings: { retentionDays: 0 } })
  const { image } = await upload(world, BYTES)
  await deleteImage(world.deps, world.owner, { imageId: image.id })
  world.blobs.failWith(storageUnavailable())
  await expect(world.sweep()).rejects.toMatchObject({ code: 'storage_unavailable' })
  expect(await load(world, image)).toMatchObject({ purgeState: 'purging' })
  world.blobs.failWith(null)
  expect(await world.sweep()).toMatchObject({ purged: 1, forgotten: 0 })
  expect(world.blobs.keys()).toEqual([])
  world.clock.advance(PURGED_RECORD_MS - 3)
  expect(await world.sweep()).toMatchObject({ purged: 0, forgotten: 0 })
  expect(await world.sweep()).toMatchObject({ forgotten: 1 })
  expect(await load(world, image)).toBeNull()
})

it('a sweep loses nothing and ends tidy whichever call fails', async () => {
  await everyFault({
    scene: async () => {
      const world = await createWorld()
      const found = await begin(world, { sizeBytes: BYTES.length })
      await putDirectly(world, found.image.id, BYTES)
      const lost = await begin(world)
      const stranded = await upload(world, sampleBytes(100))
      await world.memory.queue.runDue({ 'image.process': async () => undefined })
      await world.blobs.put('uploads/x', bodyOf(BYTES), { maxBytes: 9_999, contentType: '' }, BY)
      world.clock.advance(URL_LIFE_MS + STALE_UPLOAD_GRACE_MS)
      return { world, images: [found.image, lost.image, stranded.image] }
    },
    act: ({ world }) => world.sweep(),
    check: async ({ world, images }) => {
      await world.sweep()
      await world.runJobs()
      const settled = await Promise.all(images.map(image => load(world, image)))
      expect(settled.map(image => image?.status)).toEqual(['ready', 'failed', 'ready'])
      expect(findDisorder(world)).toEqual({ orphans: [], missing: [] })
    },
  })
})
