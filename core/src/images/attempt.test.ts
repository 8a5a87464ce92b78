import { expect, it } from 'vitest'
import { createWorld, firstRun, sampleBytes, upload, type World } from '../testing/index.ts'
import { MAX_LOST_ATTEMPTS } from './attempt.ts'
import type { Image } from './image.ts'
import { processImage } from './process-image.ts'
import { retryImage } from './retry-image.ts'

async function uploaded() {
  const world = await createWorld()
  const { image } = await upload(world, sampleBytes(1_000))
  return { world, image }
}

const process = (world: World, image: Image) =>
  processImage(world.deps, { projectId: image.projectId, imageId: image.id, requestId: 'r' }, firstRun(world))

/** The whole server goes down while it works on the image. */
async function die(world: World, image: Image): Promise<void> {
  const { database } = world.deps
  const { render } = world.engine
  world.engine.render = async () => {
    const dead = new Proxy(database, { get: () => () => Promise.reject(new Error('killed')) })
    world.deps.database = dead
    throw new Error('killed')
  }
  await expect(process(world, image)).rejects.toThrow()
  world.deps.database = database
  world.engine.render = render
}

const load = (world: World, image: Image) => world.memory.images.load(image.projectId, image.id)

it('an image that takes the server down each time is poison in the end, keeps its original, and may be tried by hand', async () => {
  const { world, image } = await uploaded()
  for (let death = 1; death <= MAX_LOST_ATTEMPTS; death++) {
    await die(world, image)
    expect(await load(world, image)).toMatchObject({ status: 'processing', attempt: death, lostAttempts: death - 1 })
  }
  expect(await process(world, image)).toEqual({ outcome: 'superseded' })
  const failed = await load(world, image)
  expect(failed).toMatchObject({ status: 'failed', failure: { code: 'attempts_lost' }, originalKey: image.originalKey })
  expect(failed?.lostAttempts).toBe(MAX_LOST_ATTEMPTS)
  expect(await process(world, image)).toEqual({ outcome: 'superseded' })
  await world.runJobs()
  expect(world.blobs.keys()).toEqual([image.originalKey])
  const retried = await retryImage(world.deps, world.owner, { imageId: image.id })
  expect(retried).toMatchObject({ status: 'uploaded', lostAttempts: 0, failure: null })
  await die(world, image)
  expect(await process(world, image)).toMatchObject({ outcome: 'ready' })
  expect(await load(world, image)).toMatchObject({ status: 'ready', lostAttempts: 0 })
})

it('the last attempt before that still counts', async () => {
  const { world, image } = await uploaded()
  for (let death = 1; death < MAX_LOST_ATTEMPTS; death++) await die(world, image)
  expect(await process(world, image)).toMatchObject({ outcome: 'ready' })
})

it('keeps the perceptual hash and the notes of the engine', async () => {
  const { world, image } = await uploaded()
  world.engine.result = { notes: ['The depth map was left out.'], perceptualHash: 'ffffffff00000000' }
  await world.runJobs()
  expect(await load(world, image)).toMatchObject({
    ...{ perceptualHash: 'ffffffff00000000', notes: ['The depth map was left out.'] },
  })
})
