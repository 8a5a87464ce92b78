import { expect, it } from 'vitest'
import { newId } from '../ids.ts'
import { contextOf, createWorld, seedImage, seedProject, type World } from '../testing/index.ts'
import { deleteImage } from './delete-images.ts'
import { DEFAULT_SIMILAR_DISTANCE, findSimilar, MAX_SIMILAR_DISTANCE } from './find-similar.ts'

const ready = (world: World, perceptualHash: string) =>
  seedImage(world.memory, world.project, { status: 'ready', change: { perceptualHash } })
const ALL = { projectId: null, distance: DEFAULT_SIMILAR_DISTANCE, limit: 50 }

it('finds the near duplicates of an image in its project, but not the image itself', async () => {
  const world = await createWorld()
  const image = await ready(world, '0f1e2d3c4b5a6978')
  const near = await ready(world, '0f1e2d3c4b5a69ff')
  const twin = await ready(world, '0f1e2d3c4b5a6978')
  const far = await ready(world, 'f0e1d2c3b4a59687')
  const find = async (more: Partial<typeof ALL & { imageId: string }> = {}) =>
    (await findSimilar(world.deps, world.owner, { ...ALL, imageId: image.id, ...more })).map(each => each.id)
  expect(await find()).toEqual([twin.id, near.id])
  expect(await find({ distance: 0 })).toEqual([twin.id])
  expect(await find({ limit: 1 })).toEqual([twin.id])
  expect(await find({ imageId: far.id, distance: MAX_SIMILAR_DISTANCE })).toEqual([])
  await deleteImage(world.deps, world.owner, { imageId: twin.id })
  expect(await find()).toEqual([near.id])
})

it('refuses distances that say nothing, and images that have no hash, are deleted, elsewhere or foreign', async () => {
  const world = await createWorld()
  const image = await ready(world, '0f1e2d3c4b5a6978')
  const find = (more: object, ctx = world.owner) =>
    findSimilar(world.deps, ctx, { ...ALL, imageId: image.id, ...more }).then(
      () => 'found',
      error => error.code,
    )
  for (const distance of [-1, 1.5, MAX_SIMILAR_DISTANCE + 1, Number.NaN])
    expect(await find({ distance })).toBe('invalid_request')
  expect(await find({ distance: MAX_SIMILAR_DISTANCE })).toBe('found')
  expect(await find({ projectId: world.project.id })).toBe('found')
  expect(await find({ projectId: newId() })).toBe('not_found')
  expect(await find({}, contextOf(await seedProject(world.memory)))).toBe('not_found')
  const pending = await seedImage(world.memory, world.project, { status: 'pending_upload' })
  expect(await find({ imageId: pending.id })).toBe('image_not_ready')
  await deleteImage(world.deps, world.owner, { imageId: image.id })
  expect(await find({})).toBe('image_not_ready')
})
