import { describe, expect, it } from 'vitest'
import { bodyOf, createWorld, everyFault, sampleBytes, upload, type World } from '../testing/index.ts'
import { storageUnavailable } from './errors.ts'
import type { Image } from './image.ts'
import { purgeImage, removePrefix } from './purge-image.ts'

const BYTES = sampleBytes(2_000)
const BY = { projectId: '', purpose: 'variant' as const }
const PUT = { maxBytes: 9_999, contentType: 'image/jpeg' }

const purge = (world: World, image: Image) =>
  purgeImage(world.deps, { projectId: image.projectId, imageId: image.id, requestId: 'request' })

const storedBytes = (world: World) =>
  [...world.memory.inspect().usage.values()].reduce((sum, entry) => sum + (entry.storedBytes ?? 0), 0)

/** Failed for this reason, its purge not run yet. */
async function failed(code: string) {
  const world = await createWorld()
  const { image } = await upload(world, BYTES)
  const failure = { code, detail: 'It is so.' }
  const move = { projectId: image.projectId, imageId: image.id, from: 'uploaded', to: 'failed' } as const
  await world.memory.images.move({ ...move, at: new Date(), detail: null, change: { failure } })
  return { world, image }
}

describe('a purge of what was refused', () => {
  it('removes every object, and what it weighed', async () => {
    const { world, image } = await failed('corrupt_image')
    for (const visibility of ['public', 'private'])
      await world.blobs.put(`${visibility}/${image.projectId}/${image.id}/r0/full.jpg`, bodyOf(BYTES), PUT, BY)
    await purge(world, image)
    expect(world.blobs.keys()).toEqual([])
    expect(storedBytes(world)).toBe(0)
    await purge(world, image)
    expect(storedBytes(world)).toBe(0)
  })

  it('touches nothing of an image that is not refused, may be tried again, or is not there', async () => {
    const { world, image } = await failed('engine_crashed')
    const { image: other } = await upload(world, sampleBytes(60))
    await world.runJobs()
    const before = [world.blobs.keys(), world.memory.inspect().originals]
    for (const each of [image, other, { ...image, id: '01K9Z5J8Q3T7W2X4Y6A8B0C2D4' }]) await purge(world, each)
    expect([world.blobs.keys(), world.memory.inspect().originals]).toEqual(before)
  })

  it('comes again when storage would not let go', async () => {
    const { world, image } = await failed('corrupt_image')
    world.deps.blobs = { ...world.blobs, remove: async keys => keys }
    await expect(purge(world, image)).rejects.toMatchObject({ code: 'storage_unavailable' })
    world.blobs.failWith(storageUnavailable())
    world.deps.blobs = world.blobs
    await expect(purge(world, image)).rejects.toMatchObject({ code: 'storage_unavailable' })
    world.blobs.failWith(null)
    await purge(world, image)
    expect(world.blobs.keys()).toEqual([])
  })

  it('ends with nothing left and nothing counted whichever call fails', async () => {
    await everyFault({
      scene: () => failed('corrupt_image'),
      act: ({ world, image }) => purge(world, image),
      check: async ({ world, image }) => {
        await purge(world, image)
        expect(world.blobs.keys()).toEqual([])
        expect(storedBytes(world)).toBe(0)
        expect(world.memory.inspect().originals.size).toBe(0)
      },
    })
  })
})

describe('the removal of a prefix', () => {
  const put = (world: World, key: string) => world.blobs.put(key, bodyOf(Buffer.from('x')), PUT, BY)

  it('goes on until a listing shows nothing, and gives up on what never ends', async () => {
    const world = await createWorld()
    for (let index = 0; index < 1_001; index++) await put(world, `private/a/${index}`)
    await put(world, 'private/b/1')
    let late = 2
    const { remove } = world.blobs
    world.deps.blobs = {
      ...world.blobs,
      remove: async (keys, by) => {
        if (late-- > 0) await put(world, `private/a/late-${late}`)
        return remove(keys, by)
      },
    }
    expect(await removePrefix(world.deps, 'private/a/', 'p')).toBeGreaterThanOrEqual(1_003)
    expect(world.blobs.keys()).toEqual(['private/b/1'])
    await put(world, 'private/a/1')
    late = 1_000
    await expect(removePrefix(world.deps, 'private/a/', 'p')).rejects.toMatchObject({ code: 'storage_unavailable' })
  })
})
