import { describe, expect, it } from 'vitest'
import { newId } from '../ids.ts'
import {
  contextOf,
  createWorld,
  sampleBytes,
  seedImage,
  seedProject,
  testNewImage,
  upload,
  type World,
} from '../testing/index.ts'
import { deleteImage, deleteImages } from './delete-images.ts'
import { IMAGE_STATUSES } from './image.ts'

const seed = (world: World, options: Parameters<typeof seedImage>[2] = {}) =>
  seedImage(world.memory, world.project, options)

const statusOf = async (world: World, imageId: string) =>
  (await world.memory.images.find(world.project.organizationId, imageId))?.status

describe('a delete', () => {
  it.each(IMAGE_STATUSES.filter(status => status !== 'deleted'))('of an image that is %s', async status => {
    const world = await createWorld()
    const { id: imageId } = await seed(world, { status })
    expect(await deleteImage(world.deps, world.owner, { imageId })).toBe(true)
    expect(await statusOf(world, imageId)).toBe('deleted')
    const image = await world.memory.images.find(world.project.organizationId, imageId)
    const purgeAt = new Date(world.clock.now().getTime() + world.project.settings.retentionDays * 86_400_000)
    expect(image).toMatchObject({ deletedAt: world.clock.now(), formerStatus: status, purgeAt, purgeState: null })
    const job = { name: 'tombstones.purge', payload: { imageIds: [imageId] }, runAt: purgeAt }
    expect(world.memory.queue.list()).toMatchObject([job])
    expect(world.memory.inspect().events.at(-1)).toMatchObject({ payload: { image_id: imageId, status: 'deleted' } })
    expect(await deleteImage(world.deps, world.owner, { imageId })).toBe(false)
    expect(world.memory.queue.list()).toHaveLength(1)
  })

  it('happens once when many come at the same moment', async () => {
    const world = await createWorld()
    const { id: imageId } = await seed(world)
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => deleteImage(world.deps, world.owner, { imageId })),
    )
    expect(answers.filter(fresh => fresh)).toHaveLength(1)
  })

  it('wins over a job that takes the image up at the same moment', async () => {
    const world = await createWorld()
    const { image } = await upload(world, sampleBytes(100))
    world.deps.database = {
      ...world.memory,
      transaction: async work => {
        world.deps.database = world.memory
        await world.runJobs()
        return world.memory.transaction(work)
      },
    }
    expect(await deleteImage(world.deps, world.owner, { imageId: image.id })).toBe(true)
    await world.runJobs()
    expect(await statusOf(world, image.id)).toBe('deleted')
    await world.endRetention()
    expect(world.blobs.keys()).toEqual([])
  })

  it('gives up with a conflict when it loses every round', async () => {
    const world = await createWorld()
    const { image } = await upload(world, sampleBytes(100))
    world.deps.database = {
      ...world.memory,
      transaction: work =>
        world.memory.transaction(async tx => work({ ...tx, images: { ...tx.images, tombstone: async () => [] } })),
    }
    await expect(deleteImage(world.deps, world.owner, { imageId: image.id })).rejects.toMatchObject({
      code: 'conflict',
    })
  })
})

describe('who may delete', () => {
  const cases: Array<[role: 'owner' | 'admin' | 'member' | 'viewer', own: string, others: string]> = [
    ['owner', 'deleted', 'deleted'],
    ['admin', 'deleted', 'deleted'],
    ['member', 'deleted', 'forbidden'],
    ['viewer', 'forbidden', 'forbidden'],
  ]
  it.each(cases)('%s: own uploads %s, those of others %s', async (role, own, others) => {
    const world = await createWorld()
    const ctx = contextOf(world.project, { role, kind: 'user' })
    const mine = await seed(world, { image: { uploadedBy: { kind: 'user', id: ctx.actor.id } } })
    // The same id of another kind is somebody else.
    const theirs = await seed(world, { image: { uploadedBy: { kind: 'api_key', id: ctx.actor.id } } })
    for (const [image, outcome] of [
      [mine, own],
      [theirs, others],
    ] as const) {
      const attempt = deleteImage(world.deps, ctx, { imageId: image.id }).then(
        () => 'deleted',
        error => error.code,
      )
      expect(await attempt).toBe(outcome)
      expect(await statusOf(world, image.id)).toBe(outcome === 'deleted' ? 'deleted' : 'uploaded')
    }
  })

  it('nobody what is foreign, unknown, or of a project that the key does not reach', async () => {
    const world = await createWorld()
    const { id: imageId } = await seed(world)
    const stranger = contextOf(await seedProject(world.memory))
    const bound = contextOf(world.project, { projectIds: [newId()] })
    for (const ctx of [stranger, bound])
      await expect(deleteImage(world.deps, ctx, { imageId })).rejects.toMatchObject({ code: 'not_found' })
    await expect(deleteImage(world.deps, world.owner, { imageId: newId() })).rejects.toMatchObject({
      code: 'not_found',
    })
    for (const ctx of [stranger, bound])
      expect(await deleteImages(world.deps, ctx, { imageIds: [imageId] })).toEqual({
        accepted: [],
        notFound: [imageId],
      })
    expect(await statusOf(world, imageId)).toBe('uploaded')
  })
})

describe('many at once', () => {
  it('names what was accepted and what is not there, each once', async () => {
    const world = await createWorld()
    const [first, second, gone] = [
      await seed(world),
      await seed(world, { status: 'ready' }),
      await seed(world, { status: 'deleted' }),
    ]
    const unknown = newId()
    const imageIds = [unknown, first.id, second.id, first.id, gone.id, unknown]
    const answer = await deleteImages(world.deps, world.owner, { imageIds })
    expect(answer.accepted.sort()).toEqual([first.id, second.id, gone.id].sort())
    expect(answer.notFound).toEqual([unknown])
    expect(await statusOf(world, second.id)).toBe('deleted')
  })

  it('deletes also what a job takes up at the same moment', async () => {
    const world = await createWorld()
    const images = [await upload(world, sampleBytes(100)), await upload(world, sampleBytes(101))]
    world.deps.database = {
      ...world.memory,
      transaction: async work => {
        world.deps.database = world.memory
        await world.runJobs()
        return world.memory.transaction(work)
      },
    }
    const imageIds = images.map(({ image }) => image.id)
    expect(await deleteImages(world.deps, world.owner, { imageIds })).toEqual({ accepted: imageIds, notFound: [] })
    await world.endRetention()
    expect(world.blobs.keys()).toEqual([])
  })

  it('deletes nothing when one of them may not be deleted', async () => {
    const world = await createWorld()
    const ctx = contextOf(world.project, { role: 'member' })
    const mine = await seed(world, { image: { uploadedBy: { kind: 'api_key', id: ctx.actor.id } } })
    const theirs = await seed(world)
    const refused = deleteImages(world.deps, ctx, { imageIds: [mine.id, theirs.id] })
    await expect(refused).rejects.toMatchObject({ code: 'forbidden' })
    expect(await statusOf(world, mine.id)).toBe('uploaded')
  })

  it('takes 1,000', async () => {
    const world = await createWorld()
    const images = Array.from({ length: 1_000 }, () => testNewImage(world.project.id))
    await world.memory.transaction(async tx => {
      for (const image of images) await tx.images.insert(image, world.clock.now())
    })
    const ids = images.map(image => image.id)
    const before = world.memory.inspect().transactions
    const { accepted } = await deleteImages(world.deps, world.owner, { imageIds: ids })
    expect(accepted).toEqual(ids)
    const after = world.memory.inspect()
    expect(after.transactions - before).toBeLessThanOrEqual(10)
    expect([...after.images.values()].every(image => image.status === 'deleted')).toBe(true)
    expect(after.jobs).toHaveLength(10)
    expect(after.events).toHaveLength(1_000)
  })
})
