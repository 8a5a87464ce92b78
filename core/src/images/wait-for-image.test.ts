import { describe, expect, it } from 'vitest'
import type { EventFeed } from '../events/index.ts'
import { contextOf, createWorld, sampleBytes, seedProject, upload, type World } from '../testing/index.ts'
import { deleteImage } from './delete-images.ts'
import { waitForImage } from './wait-for-image.ts'

async function waiting(more: { maxWaitMs?: number; signal?: AbortSignal } = {}) {
  const world = await createWorld()
  const { image } = await upload(world, sampleBytes(500))
  const input = { imageId: image.id, projectId: image.projectId, maxWaitMs: 5_000, ...more }
  const wait = (ctx = world.owner) => waitForImage(world.deps, ctx, input)
  return { world, image, wait }
}

/** Counts who listens, so that nobody is forgotten. */
function countListeners(world: World): () => number {
  const { subscribe } = world.memory.feed
  let listening = 0
  world.deps.feed = {
    ...world.memory.feed,
    subscribe: (...args) => {
      listening++
      const subscription = subscribe(...args)
      return {
        ...subscription,
        unsubscribe: () => {
          listening--
          subscription.unsubscribe()
        },
      }
    },
  }
  return () => listening
}

describe('waiting for an image', () => {
  it('ends when it is ready', async () => {
    const { world, wait } = await waiting()
    const listening = countListeners(world)
    const waited = wait()
    expect(listening()).toBe(1)
    await world.runJobs()
    expect(await waited).toMatchObject({ status: 'ready', variants: { length: 6 } })
    expect(listening()).toBe(0)
  })

  it('ends when it failed or was deleted', async () => {
    const { world, image, wait } = await waiting()
    const waited = wait()
    await deleteImage(world.deps, world.owner, { imageId: image.id })
    expect(await waited).toMatchObject({ status: 'deleted' })
    expect(await wait()).toMatchObject({ status: 'deleted' })
  })

  it('sees what happens between its subscription and its reading', async () => {
    const { world, wait } = await waiting()
    const { subscribe } = world.memory.feed
    const during: EventFeed['subscribe'] = (...args) => {
      const subscription = subscribe(...args)
      return { ...subscription, ready: subscription.ready.then(async () => void (await world.runJobs())) }
    }
    world.deps.feed = { ...world.memory.feed, subscribe: during }
    expect(await wait()).toMatchObject({ status: 'ready' })
  })

  it('sees what happens between its reading and its waiting', async () => {
    const { world, wait } = await waiting()
    const { find } = world.memory.images
    const late: typeof find = async (...args) => {
      const found = await find(...args)
      world.deps.database = world.memory
      await world.runJobs()
      return found
    }
    const { images, ...rest } = world.memory
    world.deps.database = { ...rest, images: { ...images, find: late } }
    expect(await wait()).toMatchObject({ status: 'ready' })
  })

  it('does not end for another image, or for a status that is no end', async () => {
    const { world, image, wait } = await waiting({ maxWaitMs: 60 })
    const started = performance.now()
    const waited = wait()
    const other = await upload(world, sampleBytes(501))
    await deleteImage(world.deps, world.owner, { imageId: other.image.id })
    await world.memory.queue.runDue({ 'image.process': async () => undefined })
    const move = { projectId: image.projectId, imageId: image.id, from: 'uploaded', to: 'processing' } as const
    await world.memory.images.move({ ...move, at: new Date(), detail: null, change: {} })
    expect(await waited).toMatchObject({ status: 'processing' })
    expect(performance.now() - started).toBeGreaterThan(55)
  })

  it('answers the image as it is when time is up or the caller has gone', async () => {
    const late = await waiting({ maxWaitMs: 20 })
    expect(await late.wait()).toMatchObject({ status: 'uploaded' })
    const caller = new AbortController()
    const left = await waiting({ signal: caller.signal })
    const listening = countListeners(left.world)
    const waited = left.wait()
    setTimeout(() => caller.abort(), 5)
    expect(await waited).toMatchObject({ status: 'uploaded' })
    expect(await left.wait()).toMatchObject({ status: 'uploaded' })
    expect(listening()).toBe(0)
  })

  it('is not held by a feed that cannot begin, nor does it hide that one is broken', async () => {
    const { world, wait } = await waiting({ maxWaitMs: 20 })
    const never = { ready: new Promise<void>(() => undefined), unsubscribe: () => undefined }
    world.deps.feed = { ...world.memory.feed, subscribe: () => never }
    expect(await wait()).toMatchObject({ status: 'uploaded' })
    const broken = { ready: Promise.reject(new Error('no feed')), unsubscribe: () => undefined }
    world.deps.feed = { ...world.memory.feed, subscribe: () => broken }
    await expect(wait()).rejects.toThrow('no feed')
  })

  it('is for those who may read it', async () => {
    const { world, wait } = await waiting()
    const listening = countListeners(world)
    await expect(wait(contextOf(await seedProject(world.memory)))).rejects.toMatchObject({ code: 'not_found' })
    const reporter = contextOf(world.project, { scopes: ['analysis.write'] })
    await expect(wait(reporter)).rejects.toMatchObject({ code: 'forbidden' })
    expect(listening()).toBe(0)
  })
})
