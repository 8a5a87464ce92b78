import { describe, expect, it } from 'vitest'
import { newId } from '../ids.ts'
import { DEFAULT_SOURCE_LIMITS } from '../rendering/index.ts'
import { contextOf, createWorld, sampleBytes, seedImage, seedProject, upload, type World } from '../testing/index.ts'
import { deleteImage } from './delete-images.ts'
import type { LabelInput } from './labels.ts'
import { updateImage } from './update-image.ts'

const relabel = (world: World, imageId: string, labels: LabelInput, ctx = world.owner) =>
  updateImage(world.deps, ctx, { imageId, labels, projectId: null })
const moveTo = (world: World, imageId: string, projectId: string, ctx = world.owner) =>
  updateImage(world.deps, ctx, { imageId, labels: {}, projectId })

describe('labels of an image', () => {
  it('are changed where they are named, cleared by null, and live pages are told', async () => {
    const world = await createWorld()
    const { image } = await upload(world, sampleBytes(500), { fields: { alt: 'Old', reference: 'r1' } })
    const before = world.memory.inspect().events.length
    const changed = await relabel(world, image.id, { alt: 'A roof', attributes: { floor: 3 } })
    expect(changed).toMatchObject({ alt: 'A roof', reference: 'r1', attributes: { floor: 3 }, status: 'uploaded' })
    expect(changed.history).toEqual(image.history)
    expect(world.memory.inspect().events.slice(before)).toMatchObject([{ payload: { image_id: image.id } }])
    const cleared = await relabel(world, image.id, { alt: null, reference: null, attributes: null })
    expect(cleared).toMatchObject({ alt: null, reference: null, attributes: {} })
    expect(await relabel(world, image.id, {})).toEqual(cleared)
  })

  it('are for those who may write where the image is', async () => {
    const world = await createWorld()
    const image = await seedImage(world.memory, world.project, { status: 'ready' })
    const stranger = contextOf(await seedProject(world.memory))
    const viewer = contextOf(world.project, { role: 'viewer' })
    const bound = contextOf(world.project, { projectIds: [newId()] })
    const ask = (ctx: typeof viewer, id = image.id) => relabel(world, id, { alt: 'x' }, ctx)
    await expect(ask(viewer)).rejects.toMatchObject({ code: 'forbidden' })
    for (const refused of [ask(stranger), ask(bound), ask(world.owner, newId())])
      await expect(refused).rejects.toMatchObject({ code: 'not_found' })
  })

  it('of a deleted image stay as they are', async () => {
    const world = await createWorld()
    const image = await seedImage(world.memory, world.project, { status: 'ready' })
    await deleteImage(world.deps, world.owner, { imageId: image.id })
    await expect(relabel(world, image.id, { alt: 'x' })).rejects.toMatchObject({ code: 'invalid_transition' })
    const { update } = world.memory.images
    expect(await update({ projectId: image.projectId, imageId: image.id, status: 'ready' }, { alt: 'x' })).toBe(false)
  })
})

describe('moving to another project', () => {
  it('is refused where either project is out of reach or not the caller’s', async () => {
    const world = await createWorld()
    const { organizationId, id } = world.project
    const other = await seedProject(world.memory, { organizationId, name: 'other' })
    const foreign = await seedProject(world.memory)
    const image = await seedImage(world.memory, world.project, { status: 'failed' })
    const bound = contextOf(world.project, { projectIds: [id] })
    const viewer = contextOf(world.project, { role: 'viewer' })
    for (const [projectId, ctx, code] of [
      [foreign.id, world.owner, 'not_found'],
      [newId(), world.owner, 'not_found'],
      [other.id, bound, 'not_found'],
      [other.id, viewer, 'forbidden'],
    ] as const)
      await expect(moveTo(world, image.id, projectId, ctx)).rejects.toMatchObject({ code })
    expect(await moveTo(world, image.id, id)).toEqual(image)
  })

  it('is for images that are settled', async () => {
    const world = await createWorld()
    const { organizationId } = world.project
    const other = await seedProject(world.memory, { organizationId, name: 'other' })
    for (const status of ['pending_upload', 'uploaded', 'processing', 'deleted'] as const) {
      const image = await seedImage(world.memory, world.project, { status })
      await expect(moveTo(world, image.id, other.id)).rejects.toMatchObject({
        code: 'invalid_transition',
        kind: 'conflict',
      })
    }
  })

  it('is refused with the limit of the other project that the image breaks', async () => {
    const world = await createWorld()
    const { image } = await upload(world, sampleBytes(500))
    await world.runJobs()
    const { width, height } = (await world.memory.images.load(world.project.id, image.id)) ?? {}
    const pixels = (width ?? 0) * (height ?? 0)
    expect(pixels).toBeGreaterThan(1)
    const limits = DEFAULT_SOURCE_LIMITS
    const cases = [
      [{ maxBytes: 499 }, 'file_too_large', { limit: 499, actual: 500 }],
      [{ minBytes: 501 }, 'file_too_small', { limit: 501 }],
      [{ limits: { ...limits, allowedTypes: ['image/png'] } }, 'unsupported_media_type', { allowed: ['image/png'] }],
      [{ limits: { ...limits, maxPixels: pixels - 1 } }, 'too_many_pixels', {}],
      [{ limits: { ...limits, maxSide: 1 } }, 'too_many_pixels', {}],
    ] as const
    for (const [index, [settings, code, details]] of cases.entries()) {
      const { organizationId } = world.project
      const strict = await seedProject(world.memory, { organizationId, name: `strict ${index}`, settings })
      await expect(moveTo(world, image.id, strict.id)).rejects.toMatchObject({ kind: 'content', code, details })
    }
  })
})
