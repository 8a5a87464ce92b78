import { describe, expect, it } from 'vitest'
import { createWorld, everyFault, findDisorder, sampleBytes, upload, type World } from '../testing/index.ts'
import { deleteImage } from './delete-images.ts'
import type { Image } from './image.ts'
import { restoreImage } from './restore-image.ts'
import { STRANDED_AFTER_MS } from './sweep.ts'

const BYTES = sampleBytes(2_000)
const DAY_MS = 86_400_000

const remove = (world: World, { id: imageId }: Pick<Image, 'id'>) => deleteImage(world.deps, world.owner, { imageId })
const restore = (world: World, { id: imageId }: Pick<Image, 'id'>) => restoreImage(world.deps, world.owner, { imageId })
const load = async (world: World, image: Image) => {
  const found = await world.memory.images.load(image.projectId, image.id)
  if (!found) throw new Error('The image is not there')
  return found
}

async function ready(visibility: 'private' | 'public' = 'private') {
  const world = await createWorld({ settings: { visibility } })
  const { image } = await upload(world, BYTES)
  await world.runJobs()
  return { world, image: await load(world, image) }
}

describe('the same bytes again while the first copy is deleted', () => {
  it.each(['private', 'public'] as const)('restore it in a %s project', async visibility => {
    const { world, image } = await ready(visibility)
    await remove(world, image)
    await world.runJobs()
    const again = await upload(world, BYTES)
    expect(again).toMatchObject({ duplicate: true, image: { id: image.id, deletedAt: null } })
    await world.runJobs()
    expect(await load(world, image)).toMatchObject({ status: 'ready' })
    await world.endRetention()
    expect(findDisorder(world)).toEqual({ orphans: [], missing: [] })
  })

  it('restore and try anew what had failed without a verdict', async () => {
    const world = await createWorld()
    const { image } = await upload(world, BYTES)
    const change = { failure: { code: 'engine_crashed', detail: 'It died.' } }
    const move = { projectId: image.projectId, imageId: image.id, from: 'uploaded', to: 'failed' } as const
    await world.memory.images.move({ ...move, at: new Date(), detail: null, change })
    await remove(world, image)
    const again = await upload(world, BYTES)
    expect(again).toMatchObject({ duplicate: true, image: { id: image.id, status: 'uploaded', failure: null } })
    const statuses = again.image.history.map(line => line.status)
    expect(statuses.slice(-3)).toEqual(['deleted', 'failed', 'uploaded'])
  })

  it('make an image of their own when its purge begins at that moment', async () => {
    const { world, image } = await ready()
    await remove(world, image)
    world.clock.advance(8 * DAY_MS)
    world.deps.database = {
      ...world.memory,
      transaction: work =>
        world.memory.transaction(async tx => {
          const findByOriginal = async (projectId: string, key: string) => {
            const found = await tx.images.findByOriginal(projectId, key)
            await tx.images.startPurge(image.projectId, image.id, world.clock.now())
            return found
          }
          return work({ ...tx, images: { ...tx.images, findByOriginal } })
        }),
    }
    const again = await upload(world, BYTES)
    world.deps.database = world.memory
    expect(again.duplicate).toBe(false)
    expect(again.image).toMatchObject({ originalKey: image.originalKey })
    await world.runJobs()
    await world.sweep()
    expect(await load(world, again.image)).toMatchObject({ status: 'ready' })
    expect(findDisorder(world)).toEqual({ orphans: [], missing: [] })
  })
})

describe.each(['private', 'public'] as const)('in a %s project, whichever call fails', visibility => {
  const settle = async (world: World) => {
    await world.runJobs()
    world.clock.advance(STRANDED_AFTER_MS)
    await world.sweep()
    await world.runJobs()
    await world.sweep()
  }

  it('a delete keeps what a restore needs and nothing more', async () => {
    await everyFault({
      scene: () => ready(visibility),
      act: async ({ world, image }) => {
        await remove(world, image)
        await world.runJobs()
      },
      check: async ({ world, image }) => {
        await remove(world, image)
        world.clock.advance(60_000)
        await settle(world)
        expect(await load(world, image)).toMatchObject({ status: 'deleted', formerStatus: 'ready' })
        expect(findDisorder(world)).toEqual({ orphans: [], missing: [] })
        expect(world.blobs.keys()).toHaveLength(visibility === 'public' ? 1 : 7)
      },
    })
  })

  it('a restore ends ready', async () => {
    const faults = await everyFault({
      scene: async () => {
        const scene = await ready(visibility)
        await remove(scene.world, scene.image)
        return scene
      },
      act: async ({ world, image }) => {
        await restore(world, image)
        await world.runJobs()
      },
      check: async ({ world, image }) => {
        if ((await load(world, image)).status === 'deleted') await restore(world, image)
        world.clock.advance(60_000)
        await settle(world)
        const settled = await load(world, image)
        expect(settled).toMatchObject({ status: 'ready' })
        expect(settled.variants).toHaveLength(6)
        expect(findDisorder(world)).toEqual({ orphans: [], missing: [] })
      },
    })
    expect(faults).toBeGreaterThan(2)
  })
})
