import { describe, expect, it } from 'vitest'
import { newId } from '../ids.ts'
import {
  begin,
  contextOf,
  createWorld,
  findDisorder,
  putDirectly,
  sampleBytes,
  seedImage,
  seedProject,
  upload,
  type World,
} from '../testing/index.ts'
import { deleteImage } from './delete-images.ts'
import { IMAGE_STATUSES, type Image } from './image.ts'
import { attemptOf } from './keys.ts'
import { restoreImage } from './restore-image.ts'

const BYTES = sampleBytes(2_000)
const DAY_MS = 86_400_000

const remove = (world: World, { id: imageId }: Pick<Image, 'id'>) => deleteImage(world.deps, world.owner, { imageId })
const restore = (world: World, { id: imageId }: Pick<Image, 'id'>) => restoreImage(world.deps, world.owner, { imageId })
const load = async (world: World, image: Image) => {
  const found = await world.memory.images.load(image.projectId, image.id)
  if (!found) throw new Error('The image is not there')
  return found
}
const storedBytes = (world: World) =>
  [...world.memory.inspect().usage.values()].reduce((sum, entry) => sum + (entry.storedBytes ?? 0), 0)

async function ready(visibility: 'private' | 'public' = 'private') {
  const world = await createWorld({ settings: { visibility } })
  const { image } = await upload(world, BYTES)
  await world.runJobs()
  return { world, image: await load(world, image) }
}

describe('a restore', () => {
  it.each(['pending_upload', 'failed'] as const)('brings back what was %s as it was', async status => {
    const world = await createWorld()
    const image = await seedImage(world.memory, world.project, { status })
    await remove(world, image)
    const restored = await restore(world, image)
    const gone = { deletedAt: null, purgeAt: null, formerStatus: null, purgeState: null }
    expect(restored).toMatchObject({ status, failure: image.failure, ...gone })
    expect(restored.history.slice(-2)).toMatchObject([{ status: 'deleted' }, { status, detail: 'restored' }])
    expect(world.memory.inspect().events.at(-1)).toMatchObject({ payload: { image_id: image.id, status } })
    expect(world.memory.queue.list().filter(job => job.name === 'image.process')).toEqual([])
    await world.endRetention()
    expect(await load(world, image)).toMatchObject({ status })
  })

  it.each(['uploaded', 'processing'] as const)('lets what was %s be processed', async status => {
    const world = await createWorld()
    const { image } = await upload(world, BYTES)
    if (status === 'processing') {
      const move = { projectId: image.projectId, imageId: image.id, from: 'uploaded', to: 'processing' } as const
      await world.memory.images.move({ ...move, at: new Date(), detail: null, change: { attempt: 1 } })
    }
    await remove(world, image)
    await world.runJobs()
    expect(await load(world, image)).toMatchObject({ status: 'deleted', formerStatus: status })
    expect(await restore(world, image)).toMatchObject({ status: 'uploaded', lostAttempts: 0 })
    await world.runJobs()
    expect(await load(world, image)).toMatchObject({ status: 'ready' })
    await world.sweep()
    expect(findDisorder(world)).toEqual({ orphans: [], missing: [] })
  })

  it('of a private image finds its variants where they were, at the same keys', async () => {
    const { world, image } = await ready()
    const keys = world.blobs.keys()
    await remove(world, image)
    await world.runJobs()
    await world.sweep()
    expect(world.blobs.keys()).toEqual(keys)
    const restored = await restore(world, image)
    expect(restored).toMatchObject({ status: 'ready', variants: image.variants, metadata: image.metadata })
    expect(world.invalidated).toEqual([])
    await world.endRetention()
    expect(world.blobs.keys()).toEqual(keys)
    expect(world.engine.requests).toHaveLength(1)
  })

  it('of a public image makes the variants anew, which the delete had removed at once', async () => {
    const { world, image } = await ready('public')
    const stored = storedBytes(world)
    await remove(world, image)
    expect((await load(world, image)).variants).toEqual([])
    await world.runJobs()
    expect(world.blobs.keys()).toEqual([image.originalKey])
    expect(world.invalidated).toEqual([`public/${image.projectId}/${image.id}/*`])
    expect(storedBytes(world)).toBe(BYTES.length)
    expect(await restore(world, image)).toMatchObject({ status: 'uploaded' })
    await world.runJobs()
    const again = await load(world, image)
    expect(again).toMatchObject({ status: 'ready', attempt: 2 })
    expect(again.variants).toHaveLength(6)
    expect(storedBytes(world)).toBeGreaterThanOrEqual(stored)
    expect(findDisorder(world)).toEqual({ orphans: [], missing: [] })
    await remove(world, again)
    await world.endRetention()
    expect(world.blobs.keys()).toEqual([])
    expect(storedBytes(world)).toBe(0)
  })

  it('of a public image whose original is gone has nothing to make variants of', async () => {
    const { world, image } = await ready('public')
    const key = { projectId: image.projectId, imageId: image.id, status: 'ready' as const }
    await world.memory.images.update(key, { originalKey: null })
    await remove(world, image)
    await expect(restore(world, image)).rejects.toMatchObject({ code: 'original_gone', kind: 'gone' })
  })

  it('is faster than a late withdrawal, which takes nothing that came after it', async () => {
    const { world, image } = await ready('public')
    await remove(world, image)
    const late = world.memory.queue.list().find(job => job.name === 'tombstones.withdraw')
    expect(late?.payload).toMatchObject({ images: [{ imageId: image.id, attempt: 1 }] })
    await restore(world, image)
    await world.memory.queue.runDue({ 'tombstones.withdraw': async () => undefined })
    await world.runJobs()
    const again = await load(world, image)
    expect(again.variants.every(variant => attemptOf(variant.objectKey) === 2)).toBe(true)
    const { withdrawVariants } = await import('./withdraw-variants.ts')
    const payload = { projectId: image.projectId, images: [{ imageId: image.id, attempt: 1 }], requestId: 'late' }
    await withdrawVariants(world.deps, payload)
    await withdrawVariants(world.deps, payload)
    await withdrawVariants(world.deps, { ...payload, images: [] })
    expect(findDisorder(world)).toEqual({ orphans: [], missing: [] })
    expect(world.invalidated).toHaveLength(1)
  })

  it('brings a pending upload back with the bytes that came while it was deleted', async () => {
    const world = await createWorld()
    const { image } = await begin(world, { sizeBytes: BYTES.length })
    await remove(world, image)
    await putDirectly(world, image.id, BYTES)
    await world.sweep()
    await restore(world, image)
    world.clock.advance(DAY_MS)
    await world.sweep()
    await world.runJobs()
    expect(await load(world, image)).toMatchObject({ status: 'ready' })
  })

  it('is possible until the purge begins', async () => {
    const { world, image } = await ready()
    await remove(world, image)
    const days = world.project.settings.retentionDays
    world.clock.advance(days * DAY_MS)
    expect(await restore(world, image)).toMatchObject({ status: 'ready' })
    await remove(world, image)
    world.clock.advance(days * DAY_MS)
    await world.memory.images.startPurge(image.projectId, image.id, world.clock.now())
    await expect(restore(world, image)).rejects.toMatchObject({ code: 'not_found' })
    await world.runJobs()
    await expect(restore(world, image)).rejects.toMatchObject({ code: 'not_found' })
    expect(world.blobs.keys()).toEqual([])
  })

  it.each(IMAGE_STATUSES.filter(status => status !== 'deleted'))('is refused for what is %s', async status => {
    const world = await createWorld()
    const image = await seedImage(world.memory, world.project, { status })
    const refused = { code: 'invalid_transition', details: { actual: status, reason: 'restored' } }
    await expect(restore(world, image)).rejects.toMatchObject(refused)
  })

  it('gives up when somebody else is faster each time', async () => {
    const { world, image } = await ready()
    await remove(world, image)
    world.deps.database = {
      ...world.memory,
      transaction: work =>
        world.memory.transaction(async tx => work({ ...tx, images: { ...tx.images, move: async () => null } })),
    }
    await expect(restore(world, image)).rejects.toMatchObject({ code: 'conflict' })
  })

  it('happens once when many come at the same moment', async () => {
    const { world, image } = await ready()
    await remove(world, image)
    const all = await Promise.allSettled(Array.from({ length: 5 }, () => restore(world, image)))
    expect(all.filter(each => each.status === 'fulfilled')).toHaveLength(1)
  })
})

describe('who may restore', () => {
  it('those who may delete, and nobody who may not know of it', async () => {
    const { world, image } = await ready()
    await remove(world, image)
    const input = { imageId: image.id }
    const uploader = { id: world.owner.actor.id, role: 'member' as const }
    for (const [more, code] of [
      [{ role: 'viewer' as const }, 'forbidden'],
      [{ role: 'member' as const }, 'forbidden'],
      [{ projectIds: [newId()] }, 'not_found'],
    ] as const)
      await expect(restoreImage(world.deps, contextOf(world.project, more), input)).rejects.toMatchObject({ code })
    const stranger = contextOf(await seedProject(world.memory))
    await expect(restoreImage(world.deps, stranger, input)).rejects.toMatchObject({ code: 'not_found' })
    expect(await restoreImage(world.deps, contextOf(world.project, uploader), input)).toMatchObject({ status: 'ready' })
    await expect(restore(world, { id: newId() })).rejects.toMatchObject({ code: 'not_found' })
  })
})
