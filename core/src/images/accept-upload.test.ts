import { describe, expect, it } from 'vitest'
import { findProject } from '../access/index.ts'
import { newId } from '../ids.ts'
import { DEFAULT_SOURCE_LIMITS } from '../rendering/index.ts'
import { contextOf, createWorld, sampleBytes, seedProject, sha256Of, upload } from '../testing/index.ts'
import { acceptUpload } from './accept-upload.ts'
import { deleteImage } from './delete-images.ts'
import { storageUnavailable } from './errors.ts'
import type { Image } from './image.ts'
import { originalKey } from './keys.ts'

const BYTES = sampleBytes(3_000)
const LIMITS = DEFAULT_SOURCE_LIMITS

const keyOf = (image: Image) => ({ projectId: image.projectId, imageId: image.id })

describe('an upload', () => {
  it('leaves bytes, record, job, meter entry, history line and event, in one transaction', async () => {
    const world = await createWorld({ settings: { detectionTypes: ['damage'] } })
    const before = world.memory.inspect().transactions
    const { image, duplicate } = await upload(world, BYTES)
    expect(duplicate).toBe(false)
    const sha256 = sha256Of(BYTES)
    const { id, projectId } = image
    const facts = { status: 'uploaded', fileName: 'roof.jpg', declaredType: 'image/jpeg', sha256, sizeBytes: 3_000 }
    expect(image).toMatchObject({ ...facts, originalKey: originalKey(id), uploadedAt: world.clock.now() })
    expect(image).toMatchObject({ analysis: { types: ['damage'] }, priority: 'normal', uploadExpiresAt: null })
    expect(world.blobs.bytes(originalKey(id))).toEqual(BYTES)
    const state = world.memory.inspect()
    expect(state.transactions).toBe(before + 1)
    const payload = { projectId, imageId: id, requestId: 'test-request' }
    expect(state.jobs).toMatchObject([{ name: 'image.process', payload, key: `image.process:${id}`, priority: 0 }])
    expect([...state.usage.values()]).toMatchObject([{ purpose: 'original', storedBytes: 3_000 }])
    expect(state.events).toMatchObject([{ payload: { image_id: id, status: 'uploaded' } }])
    expect(image.history).toEqual([{ status: 'uploaded', at: world.clock.now(), detail: null }])
  })

  it('takes its fields after the file as well as before it', async () => {
    const world = await createWorld()
    const { organizationId } = world.project
    const other = await seedProject(world.memory, { organizationId, name: 'other' })
    const fields = { project_id: other.id, detection_types: ['rust'], priority: 'high' as const }
    const { image } = await upload(world, BYTES, { fields })
    expect(image).toMatchObject({ projectId: other.id, priority: 'high', analysis: { types: ['rust'] } })
    expect(world.memory.queue.list()).toMatchObject([{ priority: -10 }])
  })

  it('is measured by the project it names, not by the default one', async () => {
    const world = await createWorld({
      settings: { maxBytes: 100, minBytes: 90, limits: { ...LIMITS, allowedTypes: ['image/png'] } },
    })
    const { organizationId } = world.project
    const other = await seedProject(world.memory, { organizationId, name: 'other' })
    const { image } = await upload(world, BYTES, { fields: { project_id: other.id } })
    expect(image).toMatchObject({ projectId: other.id, status: 'uploaded' })
  })

  it('may declare nothing', async () => {
    const world = await createWorld()
    for (const declaredType of [null, '', 'application/octet-stream']) {
      const { image } = await upload(world, sampleBytes(100 + (declaredType?.length ?? 50)), { file: { declaredType } })
      expect(image.declaredType).toBeNull()
    }
  })
})

describe('the same bytes again', () => {
  it('answer the image that is there, and their own copy goes', async () => {
    const world = await createWorld()
    const first = await upload(world, BYTES)
    for (const status of ['uploaded', 'ready']) {
      const again = await upload(world, BYTES, { file: { fileName: 'another.jpg' } })
      expect(again).toMatchObject({ duplicate: true, image: { id: first.image.id, status, fileName: 'roof.jpg' } })
      expect(world.blobs.keys().filter(key => key.startsWith('uploads/'))).toEqual([first.image.originalKey])
      await world.runJobs()
    }
    expect(world.memory.inspect().images.size).toBe(1)
    expect(world.memory.queue.list()).toEqual([])
  })

  it('are accepted although their spare copy cannot be removed now', async () => {
    const world = await createWorld()
    const { image } = await upload(world, BYTES)
    world.deps.blobs = { ...world.blobs, remove: () => Promise.reject(storageUnavailable()) }
    expect(await upload(world, BYTES)).toMatchObject({ duplicate: true, image: { id: image.id } })
    world.deps.blobs = world.blobs
    await world.sweep()
    expect(world.blobs.keys()).toEqual([image.originalKey])
  })

  it('try an image anew that failed without a verdict', async () => {
    const world = await createWorld()
    const { image } = await upload(world, BYTES)
    const failure = { code: 'engine_crashed', detail: 'It died.' }
    for (const [from, to] of [['uploaded', 'processing'] as const, ['processing', 'failed'] as const])
      await world.memory.images.move({ ...keyOf(image), from, to, at: new Date(), detail: null, change: { failure } })
    const again = await upload(world, BYTES)
    expect(again).toMatchObject({ duplicate: true, image: { id: image.id, status: 'uploaded', failure: null } })
    await world.runJobs()
    expect(await world.memory.images.load(image.projectId, image.id)).toMatchObject({ status: 'ready' })
  })

  it.each(['purged soon', 'refused', 'purging'] as const)('make a new image when the one there is %s', async how => {
    const world = await createWorld()
    const { image } = await upload(world, BYTES)
    if (how === 'purged soon') {
      await deleteImage(world.deps, world.owner, { imageId: image.id })
      world.clock.advance(30 * 86_400_000)
      await world.memory.images.startPurge(image.projectId, image.id, world.clock.now())
    }
    if (how === 'purging') await world.memory.originals.markPurging(image.projectId, originalKey(image.id))
    const change = { failure: { code: 'corrupt_image', detail: 'broken' } }
    if (how === 'refused')
      await world.memory.images.move({
        ...keyOf(image),
        from: 'uploaded',
        to: 'failed',
        at: new Date(),
        detail: null,
        change,
      })
    const again = await upload(world, BYTES)
    expect(again.duplicate).toBe(false)
    expect(again.image).toMatchObject({ status: 'uploaded' })
    expect(again.image.id).not.toBe(image.id)
    const shares = again.image.originalKey === image.originalKey
    expect(shares).toBe(how !== 'purging')
    await world.runJobs()
    const settled = await world.memory.images.load(image.projectId, again.image.id)
    expect(settled).toMatchObject({ status: 'ready' })
    expect(world.blobs.bytes(settled?.originalKey ?? '')).toEqual(BYTES)
  })

  it('are new in another project, and for somebody who may not read', async () => {
    const world = await createWorld()
    const first = await upload(world, BYTES)
    const { organizationId } = world.project
    const other = await seedProject(world.memory, { organizationId, name: 'other' })
    expect(await upload(world, BYTES, { fields: { project_id: other.id } })).toMatchObject({ duplicate: false })
    const writer = contextOf(world.project, { kind: 'service', scopes: ['image.write'] })
    const blind = await upload(world, BYTES, {}, writer)
    expect(blind).toMatchObject({ duplicate: false, image: { originalKey: first.image.originalKey } })
    expect(blind.image.id).not.toBe(first.image.id)
  })

  it('make one image when they come at the same moment', async () => {
    const world = await createWorld()
    const answers = await Promise.all(Array.from({ length: 8 }, () => upload(world, BYTES)))
    expect(new Set(answers.map(answer => answer.image.id)).size).toBe(1)
    expect(answers.filter(answer => !answer.duplicate)).toHaveLength(1)
    expect(world.blobs.keys()).toEqual([answers[0]?.image.originalKey])
  })
})

describe('who may upload', () => {
  it('nobody to a project of somebody else, and nothing is left', async () => {
    const world = await createWorld()
    const stranger = await seedProject(world.memory)
    const bound = contextOf(world.project, { projectIds: [world.project.id] })
    const sibling = await seedProject(world.memory, { organizationId: world.project.organizationId, name: 'sibling' })
    for (const [projectId, ctx] of [
      [stranger.id, world.owner],
      [newId(), world.owner],
      [sibling.id, bound],
    ] as const)
      await expect(upload(world, BYTES, { fields: { project_id: projectId } }, ctx)).rejects.toMatchObject({
        code: 'not_found',
      })
    expect(world.blobs.keys()).toEqual([])
  })

  it('no viewer, before a byte is read', async () => {
    const world = await createWorld()
    const read = () => Promise.reject(new Error('the form was read'))
    const refused = acceptUpload(world.deps, contextOf(world.project, { role: 'viewer' }), read)
    await expect(refused).rejects.toMatchObject({ code: 'forbidden' })
    const homeless = contextOf(world.project, { projectIds: [] })
    const { projects } = world.memory
    await expect(findProject({ projects }, homeless, { projectId: null, action: 'image.write' })).rejects.toMatchObject(
      { code: 'not_found' },
    )
  })
})
