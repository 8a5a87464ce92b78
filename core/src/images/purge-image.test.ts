import { describe, expect, it } from 'vitest'
import {
  begin,
  bodyOf,
  createWorld,
  everyFault,
  findDisorder,
  sampleBytes,
  send,
  upload,
  type World,
} from '../testing/index.ts'
import { deleteImage } from './delete-images.ts'
import { storageUnavailable } from './errors.ts'
import type { Image } from './image.ts'
import { purgeImage } from './purge-image.ts'

const BYTES = sampleBytes(2_000)
const BY = { projectId: '', purpose: 'variant' as const }

const purge = (world: World, image: Image) =>
  purgeImage(world.deps, { projectId: image.projectId, imageId: image.id, requestId: 'request' })

const storedBytes = (world: World) =>
  [...world.memory.inspect().usage.values()].reduce((sum, entry) => sum + (entry.storedBytes ?? 0), 0)

/** Marked as deleted, its purge not run yet. */
async function deleted(world: World, bytes = BYTES) {
  const { image } = await upload(world, bytes)
  await world.runJobs()
  await deleteImage(world.deps, world.owner, { imageId: image.id })
  return image
}

/** Another image of the same bytes, as a slot or gallery makes it. */
async function sharing(world: World, image: Image): Promise<Image> {
  const { image: other } = await upload(world, sampleBytes(50))
  const key = { projectId: other.projectId, imageId: other.id, status: other.status }
  await world.memory.images.update(key, { originalKey: image.originalKey })
  return { ...other, originalKey: image.originalKey }
}

describe('a purge', () => {
  it('removes every object of a deleted image, and what it weighed', async () => {
    const world = await createWorld()
    const image = await deleted(world)
    expect(world.blobs.keys()).toHaveLength(7)
    expect(storedBytes(world)).toBeGreaterThan(BYTES.length)
    // Of a recipe or a visibility that the image had once.
    for (const key of [
      `public/${image.projectId}/${image.id}/r0/full.jpg`,
      `private/${image.projectId}/${image.id}/r0/x.jpg`,
    ])
      await world.blobs.put(key, bodyOf(BYTES), { maxBytes: 9_999, contentType: 'image/jpeg' }, BY)
    await purge(world, image)
    expect(world.blobs.keys()).toEqual([])
    expect(storedBytes(world)).toBe(0)
    expect(world.memory.inspect().originals.size).toBe(0)
    expect((await world.memory.images.load(image.projectId, image.id))?.originalKey).toBeNull()
    await purge(world, image)
    expect(storedBytes(world)).toBe(0)
  })

  it('touches nothing of an image that is neither deleted nor refused, or not there', async () => {
    const world = await createWorld()
    const { image } = await upload(world, BYTES)
    await world.runJobs()
    const before = [world.blobs.keys(), world.memory.inspect().originals]
    await purge(world, image)
    await purge(world, { ...image, id: '01K9Z5J8Q3T7W2X4Y6A8B0C2D4' })
    expect([world.blobs.keys(), world.memory.inspect().originals]).toEqual(before)
  })

  it('keeps the original of a failed image that may be tried again', async () => {
    const world = await createWorld()
    const { image } = await upload(world, BYTES)
    const failure = { code: 'engine_crashed', detail: 'It died.' }
    const move = { projectId: image.projectId, imageId: image.id, from: 'uploaded', to: 'failed' } as const
    await world.memory.images.move({ ...move, at: new Date(), detail: null, change: { failure } })
    await purge(world, image)
    expect(world.blobs.keys()).toEqual([image.originalKey])
  })

  it('keeps an original that another image refers to, until the last one goes', async () => {
    const world = await createWorld()
    const { image: first } = await upload(world, BYTES)
    const second = await sharing(world, first)
    await world.runJobs()
    await deleteImage(world.deps, world.owner, { imageId: first.id })
    await world.runJobs()
    expect(world.blobs.bytes(first.originalKey ?? '')).toEqual(BYTES)
    expect(await world.memory.originals.lockByKey(first.projectId, first.originalKey ?? '')).toMatchObject({
      state: 'live',
    })
    await deleteImage(world.deps, world.owner, { imageId: second.id })
    await world.runJobs()
    await world.sweep()
    expect(world.blobs.bytes(first.originalKey ?? '')).toBeNull()
    expect(findDisorder(world)).toEqual({ orphans: [], missing: [] })
  })

  it('leaves the bytes of an upload that comes while it runs to that upload', async () => {
    const world = await createWorld()
    const image = await deleted(world)
    const remove = world.blobs.remove
    const again: Image[] = []
    world.deps.blobs = {
      ...world.blobs,
      remove: async (keys, by) => {
        const removesOriginal = keys.includes(image.originalKey ?? '')
        if (removesOriginal)
          again.push((await upload({ ...world, deps: { ...world.deps, blobs: world.blobs } }, BYTES)).image)
        return remove(keys, by)
      },
    }
    await purge(world, image)
    world.deps.blobs = world.blobs
    await world.runJobs()
    const settled = await Promise.all(again.map(each => world.memory.images.load(each.projectId, each.id)))
    expect(settled).toMatchObject([{ status: 'ready' }])
    expect(findDisorder(world)).toEqual({ orphans: [], missing: [] })
  })

  it('removes the bytes of a direct upload that was deleted before it was completed', async () => {
    const world = await createWorld()
    const started = await begin(world, { sizeBytes: BYTES.length })
    await send(world, started, BYTES)
    await deleteImage(world.deps, world.owner, { imageId: started.image.id })
    await purge(world, started.image)
    expect(world.blobs.keys()).toEqual([])
  })

  it('comes again when storage would not let go', async () => {
    const world = await createWorld()
    const image = await deleted(world)
    world.deps.blobs = { ...world.blobs, remove: async keys => keys }
    await expect(purge(world, image)).rejects.toMatchObject({ code: 'storage_unavailable' })
    world.blobs.failWith(storageUnavailable())
    world.deps.blobs = world.blobs
    await expect(purge(world, image)).rejects.toMatchObject({ code: 'storage_unavailable' })
    world.blobs.failWith(null)
    await purge(world, image)
    expect(world.blobs.keys()).toEqual([])
  })
})

it('a purge ends with nothing left and nothing counted whichever call fails', async () => {
  const faults = await everyFault({
    scene: async () => {
      const world = await createWorld()
      return { world, image: await deleted(world) }
    },
    act: ({ world, image }) => purge(world, image),
    check: async ({ world, image }) => {
      await purge(world, image)
      expect(world.blobs.keys()).toEqual([])
      expect(storedBytes(world)).toBe(0)
      expect(world.memory.inspect().originals.size).toBe(0)
    },
  })
  expect(faults).toBeGreaterThan(15)
})
