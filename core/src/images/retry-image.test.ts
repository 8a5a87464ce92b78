import { describe, expect, it } from 'vitest'
import { newId } from '../ids.ts'
import { contextOf, createWorld, seedImage, seedProject, type World } from '../testing/index.ts'
import { IMAGE_STATUSES, VERDICT_CODES } from './image.ts'
import { retryImage } from './retry-image.ts'

const failed = (world: World, code = 'engine_crashed') => {
  const change = { failure: { code, detail: 'It failed.' }, engineFailures: 3 }
  return seedImage(world.memory, world.project, { status: 'failed', change })
}

describe('a retry', () => {
  it('gives a failed image a new job and a clean slate', async () => {
    const world = await createWorld()
    const { id: imageId, history, attempt } = await failed(world)
    const image = await retryImage(world.deps, world.owner, { imageId })
    expect(image).toMatchObject({ status: 'uploaded', failure: null, engineFailures: 0, attempt })
    expect(image.history).toHaveLength(history.length + 1)
    expect(world.memory.queue.list()).toMatchObject([{ name: 'image.process', payload: { imageId } }])
  })

  it.each(VERDICT_CODES)('does not appeal against the verdict %s', async code => {
    const world = await createWorld()
    const { id: imageId } = await failed(world, code)
    await expect(retryImage(world.deps, world.owner, { imageId })).rejects.toMatchObject({ code: 'invalid_transition' })
    expect(world.memory.queue.list()).toEqual([])
  })

  it.each(IMAGE_STATUSES.filter(status => status !== 'failed'))('is not for an image that is %s', async status => {
    const world = await createWorld()
    const { id: imageId } = await seedImage(world.memory, world.project, { status })
    await expect(retryImage(world.deps, world.owner, { imageId })).rejects.toMatchObject({ code: 'invalid_transition' })
  })

  it('needs an original', async () => {
    const world = await createWorld()
    const { id: imageId, projectId, originalKey } = await failed(world)
    await world.memory.originals.remove(projectId, originalKey ?? '')
    await expect(retryImage(world.deps, world.owner, { imageId })).rejects.toMatchObject({ code: 'original_gone' })
  })

  it('makes one job however often it is asked for at the same moment', async () => {
    const world = await createWorld()
    const { id: imageId } = await failed(world)
    const tries = await Promise.allSettled([1, 2, 3].map(() => retryImage(world.deps, world.owner, { imageId })))
    expect(tries.filter(each => each.status === 'fulfilled')).toHaveLength(1)
    expect(world.memory.queue.list()).toHaveLength(1)
  })

  it('is for those who may write', async () => {
    const world = await createWorld()
    const { id: imageId } = await failed(world)
    const attempt = (ctx: ReturnType<typeof contextOf>, id = imageId) =>
      expect(retryImage(world.deps, ctx, { imageId: id })).rejects
    await attempt(contextOf(world.project, { role: 'viewer' })).toMatchObject({ code: 'forbidden' })
    await attempt(contextOf(world.project, { projectIds: [newId()] })).toMatchObject({ code: 'not_found' })
    await attempt(contextOf(await seedProject(world.memory))).toMatchObject({ code: 'not_found' })
    await attempt(world.owner, newId()).toMatchObject({ code: 'not_found' })
  })
})
