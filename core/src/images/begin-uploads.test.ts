import { describe, expect, it } from 'vitest'
import { newId } from '../ids.ts'
import { DEFAULT_SOURCE_LIMITS } from '../rendering/index.ts'
import {
  contextOf,
  createWorld,
  randomSha256,
  sampleBytes,
  seedImage,
  seedProject,
  sha256Of,
  upload,
} from '../testing/index.ts'
import { beginUploads, MAX_UPLOAD_URLS } from './begin-uploads.ts'
import type { BeginUploadInput } from './begun-upload.ts'

const item = (change: Partial<BeginUploadInput> = {}): BeginUploadInput => ({
  ...{ projectId: null, fileName: 'roof.jpg', declaredType: 'image/jpeg', sizeBytes: 2_000, sha256: null },
  ...{ detectionTypes: null, priority: null },
  ...change,
})

const codesOf = (answers: ReadonlyArray<object>) =>
  answers.map(answer => ('code' in answer ? answer.code : 'duplicate' in answer && answer.duplicate ? 'known' : 'url'))

describe('a batch of upload URLs', () => {
  it('answers item by item, in order; a bad one keeps none of the others from theirs', async () => {
    const world = await createWorld()
    const foreign = await seedProject(world.memory)
    const answers = await beginUploads(world.deps, world.owner, [
      item(),
      item({ fileName: '' }),
      item({ projectId: foreign.id }),
      item({ declaredType: 'image/svg+xml' }),
      item({ attributes: { a: 'x'.repeat(2_000) } }),
      item({ sizeBytes: 0 }),
      item({ alt: 'A roof', reference: 'moc-42', attributes: { floor: 3 } }),
    ])
    const refusals = ['invalid_file_name', 'not_found', 'unsupported_media_type', 'invalid_request', 'file_too_small']
    expect(codesOf(answers)).toEqual(['url', ...refusals, 'url'])
    const { images, events } = world.memory.inspect()
    expect([...images.values()]).toMatchObject([
      { status: 'pending_upload', alt: null, attributes: {} },
      { status: 'pending_upload', alt: 'A roof', reference: 'moc-42', attributes: { floor: 3 } },
    ])
    expect(events).toHaveLength(2)
  })

  it('of a hundred items is one transaction', async () => {
    const world = await createWorld()
    world.faults.revive()
    const answers = await beginUploads(
      world.deps,
      world.owner,
      Array.from({ length: MAX_UPLOAD_URLS }, () => item({ sha256: randomSha256() })),
    )
    expect(codesOf(answers)).toEqual(Array.from({ length: MAX_UPLOAD_URLS }, () => 'url'))
    expect(world.faults.calls).toEqual(['projects.findDefault', 'database.transaction'])
    expect(world.memory.inspect().images.size).toBe(MAX_UPLOAD_URLS)
  })

  it('has 1 to 100 items', async () => {
    const world = await createWorld()
    for (const length of [0, MAX_UPLOAD_URLS + 1]) {
      const many = Array.from({ length }, () => item())
      const details = { limit: MAX_UPLOAD_URLS, actual: length }
      await expect(beginUploads(world.deps, world.owner, many)).rejects.toMatchObject({ kind: 'invalid', details })
    }
  })

  it('gives each item of unknown bytes a URL of its own, and each one of known bytes the image that is there', async () => {
    const world = await createWorld()
    const bytes = sampleBytes(2_000)
    const sha256 = sha256Of(bytes)
    const twice = await beginUploads(world.deps, world.owner, [item({ sha256 }), item({ sha256 })])
    expect(codesOf(twice)).toEqual(['url', 'url'])
    const { image } = await upload(world, bytes)
    const known = await beginUploads(world.deps, world.owner, [item({ sha256 }), item(), item({ sha256 })])
    expect(codesOf(known)).toEqual(['known', 'url', 'known'])
    expect(known[0]).toEqual({ duplicate: true, imageId: image.id })
    expect(known[2]).toEqual(known[0])
  })

  it('tries a failed image anew once, however many items name its bytes', async () => {
    const world = await createWorld()
    const sha256 = randomSha256()
    const change = { failure: { code: 'engine_crashed', detail: 'It died.' } }
    const lost = await seedImage(world.memory, world.project, { status: 'failed', image: { sha256 }, change })
    const answers = await beginUploads(world.deps, world.owner, [item({ sha256 }), item({ sha256 })])
    expect(answers).toEqual([1, 2].map(() => ({ duplicate: true, imageId: lost.id })))
    expect(world.memory.queue.list()).toHaveLength(1)
    expect((await world.memory.images.load(lost.projectId, lost.id))?.history.at(-1)).toMatchObject({
      status: 'uploaded',
    })
  })

  it('asks every project for its rules, and says nothing of the bytes of others', async () => {
    const world = await createWorld()
    const { organizationId } = world.project
    const limits = { ...DEFAULT_SOURCE_LIMITS, allowedTypes: ['image/png'] }
    const strict = await seedProject(world.memory, { organizationId, name: 'strict', settings: { limits } })
    const bytes = sampleBytes(2_000)
    const sha256 = sha256Of(bytes)
    await upload(world, bytes)
    const elsewhere = { sha256, projectId: strict.id, declaredType: 'image/png' }
    const answers = await beginUploads(world.deps, world.owner, [
      item({ sha256 }),
      item(elsewhere),
      item({ ...elsewhere, declaredType: 'image/jpeg' }),
    ])
    expect(codesOf(answers)).toEqual(['known', 'url', 'unsupported_media_type'])
    const stranger = contextOf(await seedProject(world.memory))
    expect(codesOf(await beginUploads(world.deps, stranger, [item({ sha256 })]))).toEqual(['url'])
    const writer = contextOf(world.project, { kind: 'service', scopes: ['image.write'] })
    expect(codesOf(await beginUploads(world.deps, writer, [item({ sha256 })]))).toEqual(['url'])
    const unknown = await beginUploads(world.deps, world.owner, [item({ projectId: newId() })])
    expect(codesOf(unknown)).toEqual(['not_found'])
  })
})
