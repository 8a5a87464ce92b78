import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { DEFAULT_SOURCE_LIMITS } from '../rendering/index.ts'
import {
  bodyOf,
  createWorld,
  everyFault,
  findDisorder,
  lostConnection,
  sampleBytes,
  type TestForm,
  upload,
} from '../testing/index.ts'
import { acceptUpload } from './accept-upload.ts'
import { storageUnavailable } from './errors.ts'

const BYTES = sampleBytes(3_000)

const refusals: Array<[name: string, form: TestForm & { bytes?: Buffer }, code: string]> = [
  ['another SHA-256', { fields: { sha256: 'ab'.repeat(32) } }, 'checksum_mismatch'],
  ['too many bytes for the server', { bytes: sampleBytes(10_001) }, 'file_too_large'],
  ['too many bytes for the project', { bytes: sampleBytes(5_001) }, 'file_too_large'],
  ['too few bytes', { bytes: sampleBytes(999) }, 'file_too_small'],
  ['no bytes', { bytes: Buffer.alloc(0) }, 'file_too_small'],
  ['a type that is not accepted', { file: { declaredType: 'image/svg+xml' } }, 'unsupported_media_type'],
  ['a type that is none', { file: { declaredType: 'image/*' } }, 'unsupported_media_type'],
  ['a type with a parameter', { file: { declaredType: 'image/jpeg;text/html' } }, 'unsupported_media_type'],
  ['a type in upper case', { file: { declaredType: 'IMAGE/JPEG' } }, 'unsupported_media_type'],
  ['a type that this project does not take', { file: { declaredType: 'image/gif' } }, 'unsupported_media_type'],
  ['no name', { file: { fileName: '' } }, 'invalid_file_name'],
  ['a name that is too long', { file: { fileName: 'x'.repeat(256) } }, 'invalid_file_name'],
  ['a control character', { file: { fileName: 'a\u0000.jpg' } }, 'invalid_file_name'],
  ['half a surrogate pair', { file: { fileName: 'a\ud800.jpg' } }, 'invalid_file_name'],
  ['a body that breaks off', { body: bodyOf(BYTES, new Error('ECONNRESET')) }, 'upload_interrupted'],
]

const LIMITS = { ...DEFAULT_SOURCE_LIMITS, allowedTypes: ['image/jpeg', 'image/png'] }
const settings = { maxBytes: 5_000, minBytes: 1_000, limits: LIMITS }

describe('a refused upload', () => {
  it.each(refusals)('for %s says why and leaves nothing', async (_name, { bytes, ...form }, code) => {
    const world = await createWorld({ settings })
    const before = world.memory.inspect()
    await expect(upload(world, bytes ?? BYTES, form)).rejects.toMatchObject({ code })
    expect(world.blobs.keys()).toEqual([])
    expect(world.memory.inspect()).toEqual(before)
  })

  it('without a file says so', async () => {
    const world = await createWorld()
    const refused = acceptUpload(world.deps, world.owner, async () => ({}))
    await expect(refused).rejects.toMatchObject({ code: 'invalid_request', details: { reason: 'file' } })
  })

  it('keeps nothing of a form that breaks after the file', async () => {
    const world = await createWorld()
    const refused = acceptUpload(world.deps, world.owner, async takeFile => {
      await takeFile({ body: Readable.from([BYTES]), fileName: 'a.jpg', declaredType: null })
      throw storageUnavailable()
    })
    await expect(refused).rejects.toMatchObject({ code: 'storage_unavailable' })
    expect(world.blobs.keys()).toEqual([])
  })

  it('says why although its bytes cannot be removed now', async () => {
    const world = await createWorld()
    world.deps.blobs = { ...world.blobs, remove: () => Promise.reject(storageUnavailable()) }
    const refused = upload(world, BYTES, { fields: { sha256: 'ab'.repeat(32) } })
    await expect(refused).rejects.toMatchObject({ code: 'checksum_mismatch' })
    world.deps.blobs = world.blobs
    expect((await world.sweep()).orphans).toBe(1)
    expect(world.blobs.keys()).toEqual([])
  })

  it('leaves nothing when storage is away', async () => {
    const world = await createWorld()
    world.blobs.failWith(storageUnavailable())
    await expect(upload(world, BYTES)).rejects.toMatchObject({ kind: 'storage' })
    world.blobs.failWith(null)
    expect(world.blobs.keys()).toEqual([])
    expect(world.memory.inspect().images.size).toBe(0)
  })
})

it('keeps the bytes when the connection was lost at the commit, because nobody knows whether it happened', async () => {
  for (const committed of [true, false]) {
    const world = await createWorld()
    world.deps.database = {
      ...world.memory,
      transaction: async work => {
        if (committed) await world.memory.transaction(work)
        throw lostConnection()
      },
    }
    await expect(upload(world, BYTES)).rejects.toMatchObject({ kind: 'network' })
    expect(world.blobs.keys()).toHaveLength(1)
    world.deps.database = world.memory
    await world.sweep(1_000)
    expect(world.blobs.keys()).toHaveLength(1)
    world.clock.advance(1_001)
    await world.sweep(1_000)
    expect(world.blobs.keys()).toHaveLength(committed ? 1 : 0)
    await world.runJobs()
    expect(findDisorder(world)).toEqual({ orphans: [], missing: [] })
  }
})

it('loses nothing and leaves nothing whichever call fails', async () => {
  await everyFault({
    scene: async () => ({ world: await createWorld() }),
    act: ({ world }) => upload(world, BYTES),
    check: async ({ world }, _fault, settled) => {
      // The client tries again, as it was told.
      const { image } = settled.status === 'fulfilled' ? settled.value : await upload(world, BYTES)
      await world.runJobs()
      await world.sweep()
      const images = [...world.memory.inspect().images.values()]
      expect(images).toMatchObject([{ id: image.id, status: 'ready' }])
      expect(findDisorder(world)).toEqual({ orphans: [], missing: [] })
    },
  })
})
