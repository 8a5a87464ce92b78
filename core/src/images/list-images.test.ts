import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newId } from '../ids.ts'
import { contextOf, createWorld, seedImage, seedProject, testNewImage, type World } from '../testing/index.ts'
import { listImages } from './list-images.ts'

const ALL = {
  ...{
    projectId: null,
    status: null,
    contentType: null,
    camera: null,
    reference: null,
    attributes: {},
    from: null,
    to: null,
  },
  ...{ search: null, cursor: null, limit: 50 },
}

async function seeded(count: number): Promise<{ world: World; ids: string[] }> {
  const world = await createWorld()
  const images = Array.from({ length: count }, () => testNewImage(world.project.id))
  await world.memory.transaction(async tx => {
    for (const image of images) await tx.images.insert(image, world.clock.now())
  })
  return {
    world,
    ids: images
      .map(image => image.id)
      .sort()
      .reverse(),
  }
}

async function pages(world: World, limit: number): Promise<string[][]> {
  const found: string[][] = []
  for (let cursor: string | null = null; ; ) {
    const page = await listImages(world.deps, world.owner, { ...ALL, limit, cursor })
    found.push(page.items.map(image => image.id))
    if (page.nextCursor === null) return found
    cursor = page.nextCursor
  }
}

describe('a list', () => {
  it('shows every image once, newest first, whatever the page', async () => {
    const { world, ids } = await seeded(25)
    const run = fc.asyncProperty(fc.integer({ min: 1, max: 30 }), async limit => {
      const found = await pages(world, limit)
      expect(found.flat()).toEqual(ids)
      expect(found).toHaveLength(Math.ceil(25 / limit))
    })
    await fc.assert(run, { numRuns: 30 })
  })

  it('has no next page when there is none', async () => {
    const { world } = await seeded(5)
    expect(await listImages(world.deps, world.owner, { ...ALL, limit: 5 })).toMatchObject({ nextCursor: null })
    expect(await pages((await seeded(0)).world, 5)).toEqual([[]])
  })

  it('goes on where it was although images come and go meanwhile', async () => {
    const { world, ids } = await seeded(6)
    const first = await listImages(world.deps, world.owner, { ...ALL, limit: 3 })
    const [last = ''] = ids.slice(2, 3)
    const move = { projectId: world.project.id, imageId: last, from: 'pending_upload', to: 'deleted' } as const
    await world.memory.images.move({ ...move, at: new Date(), detail: null, change: {} })
    await seedImage(world.memory, world.project)
    const second = await listImages(world.deps, world.owner, { ...ALL, limit: 3, cursor: first.nextCursor })
    expect(second.items.map(image => image.id)).toEqual(ids.slice(3))
  })

  it('refuses cursors that no list answered', async () => {
    const { world } = await seeded(1)
    for (const cursor of ['', 'x', `${newId()}0`, newId().toLowerCase(), "' or 1=1 --"])
      await expect(listImages(world.deps, world.owner, { ...ALL, cursor })).rejects.toMatchObject({
        code: 'invalid_cursor',
      })
  })

  it('is of one project, for those who may read it', async () => {
    const { world, ids } = await seeded(2)
    const { organizationId, id } = world.project
    const other = await seedProject(world.memory, { organizationId, name: 'other' })
    const foreign = await seedProject(world.memory)
    const list = (ctx = world.owner, projectId: string | null = null) =>
      listImages(world.deps, ctx, { ...ALL, projectId })
    expect((await list()).items).toHaveLength(ids.length)
    expect((await list(world.owner, other.id)).items).toEqual([])
    expect((await list(contextOf(world.project, { projectIds: [other.id] }))).items).toEqual([])
    for (const [ctx, projectId] of [
      [world.owner, foreign.id],
      [world.owner, newId()],
      [contextOf(world.project, { projectIds: [other.id] }), id],
    ] as const)
      await expect(list(ctx, projectId)).rejects.toMatchObject({ code: 'not_found' })
    const reporter = contextOf(world.project, { scopes: ['analysis.write'] })
    await expect(list(reporter)).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('shows deleted images only when asked for', async () => {
    const { world } = await seeded(1)
    const { id } = await seedImage(world.memory, world.project, { status: 'deleted' })
    expect((await listImages(world.deps, world.owner, ALL)).items).toHaveLength(1)
    const deleted = await listImages(world.deps, world.owner, { ...ALL, status: 'deleted' })
    expect(deleted.items.map(image => image.id)).toEqual([id])
  })
})
