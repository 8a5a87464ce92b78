import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Project } from '../access/index.ts'
import { removeProject } from '../care/index.ts'
import {
  createWorld,
  everyFault,
  findDisorder,
  sampleBytes,
  seedProject,
  upload,
  type World,
} from '../testing/index.ts'
import { deleteImage } from './delete-images.ts'
import type { Image } from './image.ts'
import { movedKey } from './keys.ts'
import { updateImage } from './update-image.ts'

const BYTES = sampleBytes(1_200)

const move = (world: World, image: Image, to: Project) =>
  updateImage(world.deps, world.owner, { imageId: image.id, labels: {}, projectId: to.id })

const sibling = (world: World, name: string, visibility: 'private' | 'public' = 'private') =>
  seedProject(world.memory, { organizationId: world.project.organizationId, name, settings: { visibility } })

async function ready(world: World, bytes = BYTES, projectId = world.project.id): Promise<Image> {
  const { image } = await upload(world, bytes, { fields: { project_id: projectId } })
  await world.runJobs()
  return find(world, image.id)
}

async function find(world: World, imageId: string): Promise<Image> {
  const image = await world.memory.images.find(world.project.organizationId, imageId)
  if (!image) throw new Error('The image is gone')
  return image
}

/** Everything that the image refers to is there, and nothing else is. */
async function expectOrder(world: World): Promise<void> {
  await world.runJobs()
  world.clock.advance(100_000)
  await world.runJobs()
  await world.sweep()
  expect(findDisorder(world)).toEqual({ orphans: [], missing: [] })
}

/** Bytes kept by project, as usage tells it. */
function storedBytes(world: World): Map<string, number> {
  const sums = new Map<string, number>()
  for (const { projectId, storedBytes = 0 } of world.memory.inspect().usage.values())
    sums.set(projectId, (sums.get(projectId) ?? 0) + storedBytes)
  return sums
}

const weight = (image: Image) => image.variants.reduce((sum, variant) => sum + variant.sizeBytes, image.sizeBytes ?? 0)

describe('an image that moves to another project', () => {
  it('takes its bytes, variants, labels and history along, and leaves nothing behind', async () => {
    const world = await createWorld()
    const other = await sibling(world, 'other', 'public')
    const image = await ready(world)
    const moved = await move(world, image, other)
    expect(moved).toMatchObject({
      projectId: other.id,
      status: 'ready',
      sha256: image.sha256,
      metadata: image.metadata,
    })
    expect(moved.history).toEqual([
      ...image.history,
      { status: 'ready', at: expect.any(Date), detail: expect.stringContaining(image.projectId) },
    ])
    expect(moved.variants).toHaveLength(6)
    for (const { objectKey } of moved.variants) expect(objectKey).toMatch(`public/${other.id}/${image.id}/`)
    const told = world.memory.inspect().events.slice(-2)
    expect(told.map(event => event.projectId)).toEqual([image.projectId, other.id])
    for (const { payload } of told) expect(payload).toMatchObject({ project_id: other.id, status: 'ready' })
    await expectOrder(world)
    expect(world.blobs.keys().filter(key => key.includes(image.projectId))).toEqual([])
    expect(world.blobs.bytes(moved.originalKey ?? '')).toEqual(BYTES)
    expect(storedBytes(world)).toEqual(
      new Map([
        [image.projectId, 0],
        [other.id, weight(moved)],
      ]),
    )
  })

  it('leaves bytes alone that other images refer to, on either side, even when those are purged', async () => {
    const world = await createWorld()
    const other = await sibling(world, 'other')
    const [here, there] = [await ready(world), await ready(world, BYTES, other.id)]
    await world.memory.transaction(async tx => {
      const { id: _, ...facts } = here
      await tx.images.insert(
        { ...facts, id: here.id.replace(/.$/, last => (last === '0' ? '1' : '0')), status: 'uploaded' },
        new Date(),
      )
    })
    const moved = await move(world, here, other)
    expect(moved.originalKey).toBe(there.originalKey)
    await expectOrder(world)
    expect(world.blobs.bytes(here.originalKey ?? '')).toEqual(BYTES)
    await deleteImage(world.deps, world.owner, { imageId: moved.id })
    await deleteImage(world.deps, world.owner, { imageId: there.id })
    await world.endRetention()
    await expectOrder(world)
    expect(world.blobs.keys().filter(key => key.startsWith('uploads/'))).toEqual([here.originalKey])
  })

  it('may come back at once: what is removed late is not what came back', async () => {
    const world = await createWorld()
    const other = await sibling(world, 'other')
    const image = await ready(world)
    await move(world, image, other)
    const back = await move(world, await find(world, image.id), world.project)
    expect(back.variants.map(variant => variant.objectKey)).not.toEqual(
      image.variants.map(variant => variant.objectKey),
    )
    await expectOrder(world)
    expect(storedBytes(world)).toEqual(
      new Map([
        [image.projectId, weight(back)],
        [other.id, 0],
      ]),
    )
  })

  it('takes no bytes along that were refused for what they are', async () => {
    const world = await createWorld()
    const other = await sibling(world, 'other')
    const { image } = await upload(world, BYTES)
    const failed = { projectId: image.projectId, imageId: image.id, at: new Date(), detail: null }
    const failure = { code: 'corrupt_image', detail: 'It is none.' }
    await world.memory.images.move({ ...failed, from: 'uploaded', to: 'failed', change: { failure } })
    expect(await move(world, image, other)).toMatchObject({ status: 'failed', originalKey: null, failure })
    await expectOrder(world)
    expect(world.blobs.keys()).toEqual([])
  })

  it('is whole in exactly one project whichever call fails, loses its answer or is the last before a kill', async () => {
    const faults = await everyFault({
      scene: async () => {
        const world = await createWorld()
        const other = await sibling(world, 'other')
        return { world, other, image: await ready(world) }
      },
      act: ({ world, image, other }) => move(world, image, other),
      check: async ({ world, image, other }) => {
        await expectOrder(world)
        const now = await find(world, image.id)
        expect([image.projectId, other.id]).toContain(now.projectId)
        expect(now.variants).toHaveLength(6)
        for (const { objectKey } of now.variants) expect(objectKey).toContain(now.projectId)
        const elsewhere = now.projectId === other.id ? image.projectId : other.id
        expect(storedBytes(world).get(elsewhere) ?? 0).toBe(0)
        expect(storedBytes(world).get(now.projectId)).toBe(weight(now))
      },
    })
    expect(faults).toBeGreaterThan(40)
  })

  it('keeps order whatever moves, comes and goes', async () => {
    const step = fc.tuple(fc.constantFrom('move', 'move', 'upload', 'delete', 'jobs'), fc.nat(5), fc.nat(2))
    const run = fc.asyncProperty(fc.array(step, { maxLength: 14 }), async steps => {
      const world = await createWorld()
      const projects = [world.project, await sibling(world, 'b'), await sibling(world, 'c', 'public')]
      const images = [await ready(world)]
      for (const [what, which, where] of steps) {
        const project = projects[where] ?? world.project
        const image = images[which % images.length]
        if (what === 'upload')
          images.push(
            (await upload(world, sampleBytes(600 + (which % 2)), { fields: { project_id: project.id } })).image,
          )
        if (what === 'jobs') await world.runJobs()
        if (what === 'delete' && image) await deleteImage(world.deps, world.owner, { imageId: image.id })
        if (what === 'move' && image) await move(world, image, project).catch(expectKnown)
      }
      await expectOrder(world)
      for (const image of world.memory.inspect().images.values()) {
        if (image.status !== 'ready') continue
        expect(image.variants.every(variant => variant.objectKey.includes(image.projectId))).toBe(true)
        expect(world.blobs.bytes(image.originalKey ?? '')?.length).toBe(image.sizeBytes)
      }
    })
    await fc.assert(run, { numRuns: 25 })
  })
})

const expectKnown = (error: unknown) => expect(error).toMatchObject({ code: 'invalid_transition' })

it('the key of a moved variant says the same, in a folder of its own', () => {
  const [first, second] = ['01K9Z5J8Q3T7W2X4Y6A8B0C2D4', '01K9Z5J8Q3T7W2X4Y6A8B0C2D5']
  const still = movedKey('private/P/I/0123456789ab/full.avif', 'public/Q/I/', first)
  expect(still).toBe(`public/Q/I/0123456789ab-${first.toLowerCase()}/full.avif`)
  expect(movedKey(still, 'private/P/I/', second)).toBe(`private/P/I/0123456789ab-${second.toLowerCase()}/full.avif`)
  const animated = movedKey('private/P/I/0123456789ab-a/full.webp', 'private/Q/I/', first)
  expect(animated).toBe(`private/Q/I/0123456789ab-${first.toLowerCase()}-a/full.webp`)
  expect(movedKey(animated, 'private/P/I/', second)).toMatch(/0123456789ab-01k9z5j8q3t7w2x4y6a8b0c2d5-a\/full\.webp$/)
})

it('a purge in the new project leaves the first key alone that another image refers to where it came from', async () => {
  const world = await createWorld()
  const other = await sibling(world, 'other')
  const { image } = await upload(world, BYTES)
  const at = new Date()
  const { projectId } = image
  const twin = { ...image, id: image.id.replace(/.$/, last => (last === '0' ? '1' : '0')), status: 'uploaded' as const }
  await world.memory.transaction(tx => tx.images.insert(twin, at))
  const failure = { code: 'corrupt_image', detail: 'It is none.' }
  const to = {
    projectId,
    imageId: image.id,
    from: 'uploaded',
    to: 'failed',
    at,
    detail: null,
    change: { failure },
  } as const
  await world.memory.images.move(to)
  await move(world, image, other)
  await deleteImage(world.deps, world.owner, { imageId: image.id })
  await expectOrder(world)
  await removeMoved(world, other)
  expect(world.blobs.bytes(image.originalKey ?? '')).toEqual(BYTES)
})

/** The whole project that it moved to is removed as well. */
async function removeMoved(world: World, project: Project): Promise<void> {
  const { id: projectId } = project
  await world.memory.transaction(tx => tx.projects.markDeleted(projectId, world.clock.now()))
  await removeProject(world.deps, { projectId, requestId: 'request' })
}
