import { describe, expect, it } from 'vitest'
import type { ProjectSettings } from '../access/index.ts'
import {
  audited,
  begin,
  bodyOf,
  createWorld,
  everyFault,
  findDisorder,
  putDirectly,
  sampleBytes,
  send,
  upload,
  type World,
} from '../testing/index.ts'
import { handleReceived } from './complete-upload.ts'
import { deleteImage, deleteImages } from './delete-images.ts'
import { storageUnavailable } from './errors.ts'
import type { Image } from './image.ts'
import { purgeTombstones } from './purge-tombstones.ts'
import { restoreImage } from './restore-image.ts'

const BYTES = sampleBytes(2_000)
const BY = { projectId: '', purpose: 'variant' as const }
const AT_ONCE: Partial<ProjectSettings> = { retentionDays: 0 }

const purge = (world: World, ...images: Image[]) =>
  purgeTombstones(world.deps, {
    ...{ projectId: world.project.id, imageIds: images.map(image => image.id), requestId: 'request' },
  })

const storedBytes = (world: World) =>
  [...world.memory.inspect().usage.values()].reduce((sum, entry) => sum + (entry.storedBytes ?? 0), 0)

const load = (world: World, image: Image) => world.memory.images.load(image.projectId, image.id)

/** Deleted with no retention, its purge not run yet. */
async function deleted(settings: Partial<ProjectSettings> = AT_ONCE, bytes = BYTES) {
  const world = await createWorld({ settings })
  const { image } = await upload(world, bytes)
  await world.runJobs()
  await deleteImage(world.deps, world.owner, { imageId: image.id })
  return { world, image }
}

/** Another image of the same bytes, as a slot or gallery makes it. */
async function sharing(world: World, image: Image): Promise<Image> {
  const { image: other } = await upload(world, sampleBytes(50))
  const key = { projectId: other.projectId, imageId: other.id, status: other.status }
  await world.memory.images.update(key, { originalKey: image.originalKey })
  return { ...other, originalKey: image.originalKey }
}

describe('the purge of a deleted image', () => {
  it('is told in the audit log once, however often it runs', async () => {
    const { world, image } = await deleted()
    await purge(world, image)
    await purge(world, image)
    const me = world.owner.actor.id
    expect(audited(world)).toEqual([`${me} image.deleted ${image.id}`, `calotype image.purged ${image.id}`])
  })

  it('removes every object, and what it weighed; for callers it is not there any more', async () => {
    const { world, image } = await deleted()
    expect(world.blobs.keys()).toHaveLength(7)
    expect(storedBytes(world)).toBeGreaterThan(BYTES.length)
    // Of a recipe or a visibility that the image had once.
    for (const visibility of ['public', 'private']) {
      const key = `${visibility}/${image.projectId}/${image.id}/r0/full.jpg`
      await world.blobs.put(key, bodyOf(BYTES), { maxBytes: 9_999, contentType: 'image/jpeg' }, BY)
    }
    for (let time = 0; time < 2; time++) {
      await purge(world, image)
      expect(world.blobs.keys()).toEqual([])
      expect(storedBytes(world)).toBe(0)
    }
    expect(world.memory.inspect().originals.size).toBe(0)
    expect(await load(world, image)).toMatchObject({ purgeState: 'purged', originalKey: null })
    expect(await world.memory.images.find(world.project.organizationId, image.id)).toBeNull()
    await expect(deleteImage(world.deps, world.owner, { imageId: image.id })).rejects.toMatchObject({
      code: 'not_found',
    })
    expect(world.invalidated).toEqual([`public/${image.projectId}/${image.id}/*`])
  })

  it('happens at its time and not before', async () => {
    const { world, image } = await deleted({ retentionDays: 3 })
    await purge(world, image)
    await world.runJobs()
    world.clock.advance(3 * 86_400_000 - 1)
    await world.runJobs()
    expect(world.blobs.keys()).toHaveLength(7)
    expect(await load(world, image)).toMatchObject({ purgeState: null })
    world.clock.advance(1)
    await world.runJobs()
    expect(world.blobs.keys()).toEqual([])
  })

  it('is twice at the same moment: by its job and by the sweep', async () => {
    const { world } = await deleted()
    await Promise.all([world.sweep(), world.runJobs(), world.sweep()])
    expect(world.blobs.keys()).toEqual([])
    expect(storedBytes(world)).toBe(0)
    expect(findDisorder(world)).toEqual({ orphans: [], missing: [] })
  })

  it('keeps an original for another image, also one that is deleted and can be restored', async () => {
    const world = await createWorld()
    const { image: first } = await upload(world, BYTES)
    const second = await sharing(world, first)
    await world.runJobs()
    const keyOf = first.originalKey ?? ''
    await deleteImage(world.deps, world.owner, { imageId: first.id })
    world.clock.advance(86_400_000)
    await deleteImage(world.deps, world.owner, { imageId: second.id })
    world.clock.advance(6.5 * 86_400_000)
    await world.runJobs()
    expect(await load(world, first)).toMatchObject({ purgeState: 'purged' })
    expect(world.blobs.bytes(keyOf)).toEqual(BYTES)
    expect(await restoreImage(world.deps, world.owner, { imageId: second.id })).toMatchObject({ status: 'ready' })
    expect(await world.memory.originals.lockByKey(first.projectId, keyOf)).toMatchObject({ state: 'live' })
    await deleteImage(world.deps, world.owner, { imageId: second.id })
    await world.endRetention()
    await world.sweep()
    expect(world.blobs.bytes(keyOf)).toBeNull()
    expect(findDisorder(world)).toEqual({ orphans: [], missing: [] })
  })

  it('leaves the bytes of an upload that comes while it runs to that upload', async () => {
    const { world, image } = await deleted()
    const remove = world.blobs.remove
    const again: Image[] = []
    world.deps.blobs = {
      ...world.blobs,
      remove: async (keys, by) => {
        // The variants go first, the original later: uploads come before and after it is marked.
        if (again.length < 2)
          again.push((await upload({ ...world, deps: { ...world.deps, blobs: world.blobs } }, BYTES)).image)
        return remove(keys, by)
      },
    }
    await purge(world, image)
    world.deps.blobs = world.blobs
    await world.runJobs()
    const ids = new Set(again.map(each => each.id))
    expect(ids.has(image.id)).toBe(false)
    for (const each of again) expect(await load(world, each)).toMatchObject({ status: 'ready' })
    expect(findDisorder(world)).toEqual({ orphans: [], missing: [] })
  })

  it('takes the bytes of a pending upload along, those that came before and those that come late', async () => {
    const world = await createWorld()
    const started = await begin(world, { sizeBytes: BYTES.length })
    await send(world, started, BYTES)
    const { image } = started
    await deleteImage(world.deps, world.owner, { imageId: image.id })
    await world.sweep()
    expect(world.blobs.keys()).toEqual([`uploads/${image.id}`])
    await world.endRetention()
    expect(world.blobs.keys()).toEqual([])
    await putDirectly(world, image.id, BYTES)
    await handleReceived(world.deps, { projectId: image.projectId, imageId: image.id, requestId: 'late' })
    expect(world.blobs.keys()).toEqual([])
    await putDirectly(world, image.id, BYTES)
    await world.sweep()
    expect(world.blobs.keys()).toEqual([])
  })

  it('of one image whose bytes would not go keeps none of the others, and comes again', async () => {
    const world = await createWorld({ settings: AT_ONCE })
    const images: Image[] = []
    for (const size of [100, 101, 102]) images.push((await upload(world, sampleBytes(size))).image)
    await world.runJobs()
    await deleteImages(world.deps, world.owner, { imageIds: images.map(image => image.id) })
    const [, stuck] = images
    const { remove } = world.blobs
    world.deps.blobs = {
      ...world.blobs,
      remove: async (keys, by) => (keys.some(key => key.includes(stuck?.id ?? '')) ? keys : remove(keys, by)),
    }
    await expect(purge(world, ...images)).rejects.toMatchObject({ code: 'storage_unavailable' })
    expect(world.blobs.keys().every(key => key.includes(stuck?.id ?? ''))).toBe(true)
    world.deps.blobs = world.blobs
    world.blobs.failWith(storageUnavailable())
    await expect(purge(world, ...images)).rejects.toMatchObject({ code: 'storage_unavailable' })
    world.blobs.failWith(null)
    await purge(world, ...images)
    expect(world.blobs.keys()).toEqual([])
  })
})

it.each(['private', 'public'] as const)('a %s purge ends with nothing left whichever call fails', async visibility => {
  const faults = await everyFault({
    scene: () => deleted({ ...AT_ONCE, visibility }),
    act: async ({ world, image }) => {
      const { projectId, id: imageId } = image
      // What a killed attempt left in public.
      const key = `public/${projectId}/${imageId}/r0/full.jpg`
      await world.blobs.put(key, bodyOf(BYTES), { maxBytes: 9_999, contentType: 'image/jpeg' }, BY)
      await purge(world, image)
    },
    check: async ({ world, image }) => {
      await world.sweep()
      await world.runJobs()
      expect(world.blobs.keys()).toEqual([])
      expect(storedBytes(world)).toBe(0)
      expect(world.memory.inspect().originals.size).toBe(0)
      expect(await load(world, image)).toMatchObject({ purgeState: 'purged' })
    },
  })
  expect(faults).toBeGreaterThan(20)
})
