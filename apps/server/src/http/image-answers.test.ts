import { updateImage } from '@calotype/core'
import {
  contextOf,
  createMemorySharedCache,
  createWorld,
  sampleBytes,
  seedProject,
  upload,
} from '@calotype/core/testing'
import { expect, it } from 'vitest'
import { createImageAnswers } from './image-answers.ts'

/** Processes that share a cache, and how often they had to load a whole image. */
async function scene() {
  const world = await createWorld()
  const { image } = await upload(world, sampleBytes(2_000))
  await world.runJobs()
  const sharedCache = createMemorySharedCache(world.clock)
  let loads = 0
  const { memory } = world
  const find: typeof memory.images.find = (...asked) => {
    loads++
    return memory.images.find(...asked)
  }
  const database = { ...memory, images: { ...memory.images, find } }
  const start = (more = {}) =>
    createImageAnswers({ database, blobs: world.blobs, metadataCacheBytes: 1_000_000, sharedCache, ...more })
  return { world, imageId: image.id, sharedCache, start, loads: () => loads }
}

it('loads an image once for all processes, and again when it was changed', async () => {
  const { world, imageId, start, loads } = await scene()
  const [one, two] = [start(), start()]
  const first = await one.find(world.owner, imageId)
  expect(await two.find(world.owner, imageId)).toEqual(first)
  expect(await two.find(world.owner, imageId)).toEqual(first)
  expect(loads()).toBe(1)
  await updateImage(world.deps, world.owner, { imageId, labels: { alt: 'a roof' }, projectId: null })
  const changed = await two.find(world.owner, imageId)
  expect(JSON.parse(changed.body.toString())).toMatchObject({ id: imageId, alt: 'a roof' })
  expect(changed.etag).not.toBe(first.etag)
  expect(await one.find(world.owner, imageId)).toEqual(changed)
  expect(loads()).toBe(2)
})

it('keeps answers apart by rights and by storage, and tells strangers nothing', async () => {
  const { world, imageId, start, loads } = await scene()
  const viewer = contextOf(world.project, { role: 'viewer' })
  await start().find(world.owner, imageId)
  await start().find(viewer, imageId)
  const { uriPrefix: _, ...blobs } = world.blobs
  await start({ blobs: { ...blobs, uriPrefix: 's3://elsewhere/' } }).find(world.owner, imageId)
  expect(loads()).toBe(3)
  const stranger = contextOf(await seedProject(world.memory))
  await expect(start().find(stranger, imageId)).rejects.toMatchObject({ code: 'not_found' })
})

it('works without the shared cache, and with one that forgets', async () => {
  const { world, imageId, sharedCache, start, loads } = await scene()
  const kept = start()
  const answer = await kept.find(world.owner, imageId)
  sharedCache.lose()
  expect(await start().find(world.owner, imageId)).toEqual(answer)
  expect(await start({ sharedCache: null }).find(world.owner, imageId)).toEqual(answer)
  expect(await kept.find(world.owner, imageId)).toEqual(answer)
  expect(loads()).toBe(3)
  await start({ metadataCacheBytes: 0 }).find(world.owner, imageId)
  expect(loads()).toBe(4)
})
