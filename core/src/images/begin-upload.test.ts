import { describe, expect, it } from 'vitest'
import { newId } from '../ids.ts'
import { DEFAULT_SOURCE_LIMITS, SOURCE_TYPES } from '../rendering/index.ts'
import {
  begin,
  contextOf,
  createWorld,
  lostConnection,
  randomSha256,
  sampleBytes,
  seedImage,
  seedProject,
  sha256Of,
  upload,
} from '../testing/index.ts'
import { beginUpload } from './begin-upload.ts'
import { deleteImage } from './delete-images.ts'

const BYTES = sampleBytes(2_000)
const input = {
  ...{ projectId: null, fileName: 'roof.jpg', declaredType: 'image/jpeg', sizeBytes: 2_000, sha256: sha256Of(BYTES) },
  ...{ detectionTypes: null, priority: null },
}

describe('an upload URL', () => {
  it('is bound to one minted key, type, length and hash, and its record waits before it leaves', async () => {
    const world = await createWorld({ settings: { detectionTypes: ['damage'] } })
    const { image, terms, begun } = await begin(world, { ...input, priority: 'low' })
    const expiresAt = new Date(world.clock.now().getTime() + 900_000)
    const objectKey = `uploads/${image.id}`
    const { sha256 } = input
    const bound = { contentType: 'image/jpeg', sizeBytes: 2_000, sha256, expiresAt, objectKey, imageId: image.id }
    expect(terms).toEqual({ ...bound, projectId: world.project.id, maxBytes: world.project.settings.maxBytes })
    expect(begun).toMatchObject({ expiresAt, storageUri: `memory://${objectKey}`, signed: { method: 'PUT' } })
    const facts = { status: 'pending_upload', declaredSize: 2_000, declaredSha256: sha256, uploadExpiresAt: expiresAt }
    expect(image).toMatchObject({ ...facts, sizeBytes: null, sha256: null, originalKey: null, priority: 'low' })
    expect(image.analysis.types).toEqual(['damage'])
    expect(image.uploadedBy).toEqual({ kind: 'api_key', id: world.owner.actor.id })
    expect(world.memory.inspect().events).toMatchObject([{ payload: { image_id: image.id, status: 'pending_upload' } }])
    expect(world.memory.queue.list()).toEqual([])
  })

  it('without a length is a form with an upper bound', async () => {
    const world = await createWorld({ settings: { maxBytes: 77 } })
    const { terms, begun } = await begin(world)
    expect(terms).toMatchObject({ sizeBytes: null, maxBytes: 77 })
    expect(begun.signed.method).toBe('POST')
  })

  it('is given for every type of the list, exactly', async () => {
    const world = await createWorld()
    for (const declaredType of SOURCE_TYPES) await begin(world, { declaredType })
    const wrong = [
      '',
      'application/octet-stream',
      'image/*',
      'image/jpeg;text/html',
      'IMAGE/JPEG',
      ' image/jpeg',
      'image',
    ]
    for (const declaredType of [...wrong, 'image/svg+xml']) {
      const refused = expect(beginUpload(world.deps, world.owner, { ...input, declaredType })).rejects
      await refused.toMatchObject({ kind: 'invalid', code: 'unsupported_media_type' })
    }
  })

  it('is refused where the project does not take that', async () => {
    const limits = { ...DEFAULT_SOURCE_LIMITS, allowedTypes: ['image/png'] }
    const world = await createWorld({ settings: { limits, minBytes: 1_024, maxBytes: 9_000 } })
    const cases: Array<[change: Partial<typeof input>, code: string]> = [
      [{}, 'unsupported_media_type'],
      [{ declaredType: 'image/png', sizeBytes: 1_023 }, 'file_too_small'],
      [{ declaredType: 'image/png', sizeBytes: 0 }, 'file_too_small'],
      [{ declaredType: 'image/png', sizeBytes: 9_001 }, 'file_too_large'],
      [{ declaredType: 'image/png', fileName: '' }, 'invalid_file_name'],
      [{ declaredType: 'image/png', fileName: 'a\u007f' }, 'invalid_file_name'],
    ]
    for (const [change, code] of cases)
      await expect(beginUpload(world.deps, world.owner, { ...input, ...change })).rejects.toMatchObject({ code })
    expect(world.memory.inspect().images.size).toBe(0)
    expect(world.deps.uploads.signed).toEqual([])
  })

  it('counts the characters of a name as people do', async () => {
    const world = await createWorld()
    await begin(world, { fileName: '📷'.repeat(255) })
    await expect(begin(world, { fileName: '📷'.repeat(256) })).rejects.toMatchObject({ code: 'invalid_file_name' })
  })

  it('is for those who may write in the project', async () => {
    const world = await createWorld()
    const stranger = await seedProject(world.memory)
    const viewer = contextOf(world.project, { role: 'viewer' })
    const bound = contextOf(stranger, { projectIds: [newId()] })
    const ask = (projectId: string | null, ctx = world.owner) => beginUpload(world.deps, ctx, { ...input, projectId })
    await expect(ask(null, viewer)).rejects.toMatchObject({ code: 'forbidden' })
    for (const refused of [ask(stranger.id), ask(newId()), ask(null, bound), ask(stranger.id, bound)])
      await expect(refused).rejects.toMatchObject({ code: 'not_found' })
  })

  it('is worth nothing when its record was not written', async () => {
    const world = await createWorld()
    world.deps.database = { ...world.memory, transaction: () => Promise.reject(lostConnection()) }
    await expect(beginUpload(world.deps, world.owner, input)).rejects.toMatchObject({ kind: 'network' })
    expect(world.memory.inspect().images.size).toBe(0)
  })
})

describe('a known hash', () => {
  it('answers the image that is there: no byte needs to be sent', async () => {
    const world = await createWorld()
    const { image } = await upload(world, BYTES)
    for (let status = 0; status < 2; status++) {
      expect(await beginUpload(world.deps, world.owner, input)).toEqual({ duplicate: true, imageId: image.id })
      await world.runJobs()
    }
    expect(world.memory.inspect().images.size).toBe(1)
  })

  it('tries an image anew that failed without a verdict, and only such a one', async () => {
    const world = await createWorld()
    const sha256 = input.sha256
    const change = { failure: { code: 'engine_crashed', detail: 'It died.' } }
    const lost = await seedImage(world.memory, world.project, { status: 'failed', image: { sha256 }, change })
    expect(await beginUpload(world.deps, world.owner, input)).toEqual({ duplicate: true, imageId: lost.id })
    expect(await world.memory.images.load(lost.projectId, lost.id)).toMatchObject({ status: 'uploaded' })
    expect(world.memory.queue.list()).toMatchObject([{ name: 'image.process', payload: { imageId: lost.id } }])
    const refused = await seedImage(world.memory, world.project, {
      status: 'failed',
      image: { sha256: randomSha256() },
    })
    const again = { ...input, sha256: refused.sha256 }
    expect(await beginUpload(world.deps, world.owner, again)).toMatchObject({ duplicate: false })
  })

  it('says nothing about purged images, other projects, or to those who may not read', async () => {
    const world = await createWorld()
    const { image } = await upload(world, BYTES)
    const stranger = await seedProject(world.memory)
    const writer = contextOf(world.project, { kind: 'service', scopes: ['image.write'] })
    for (const ctx of [contextOf(stranger), writer])
      expect(await beginUpload(world.deps, ctx, input)).toMatchObject({ duplicate: false })
    await deleteImage(world.deps, world.owner, { imageId: image.id })
    await world.endRetention()
    expect(await beginUpload(world.deps, world.owner, input)).toMatchObject({ duplicate: false })
  })
})
