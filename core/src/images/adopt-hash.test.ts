import { expect, it } from 'vitest'
import type { Database } from '../database.ts'
import { bodyOf, createWorld, firstRun, sampleBytes, sha256Of, upload, type World } from '../testing/index.ts'
import { adoptHash } from './adopt-hash.ts'
import { beginUpload } from './begin-upload.ts'
import { completeUpload } from './complete-upload.ts'
import { originalKey } from './keys.ts'
import { processImage } from './process-image.ts'

const BYTES = sampleBytes(1_500)
const SHA256 = sha256Of(BYTES)

/** Bytes that came to storage without passing us: nobody knows their hash. */
async function putDirectly(world: World) {
  const { id: projectId } = world.project
  const wanted = { projectId, fileName: 'a.jpg', declaredType: 'image/jpeg', sizeBytes: BYTES.length, sha256: null }
  const { imageId } = await beginUpload(world.deps, world.owner, { ...wanted, detectionTypes: null, priority: null })
  const options = { maxBytes: 9_999, contentType: 'image/jpeg' }
  await world.blobs.put(originalKey(imageId), bodyOf(BYTES), options, { projectId, purpose: 'original' })
  const { image } = await completeUpload(world.deps, world.owner, { imageId, sha256: null })
  return { image, payload: { projectId, imageId, requestId: 'request' } }
}

const storedBytes = (world: World) =>
  [...world.memory.inspect().usage.values()]
    .filter(entry => entry.purpose === 'original')
    .reduce((sum, entry) => sum + (entry.storedBytes ?? 0), 0)

it('records the hash of bytes that only the worker could hash', async () => {
  const world = await createWorld()
  const { image, payload } = await putDirectly(world)
  expect(image).toMatchObject({ status: 'uploaded', sha256: null })
  await processImage(world.deps, payload, firstRun(world))
  const ready = await world.memory.images.load(image.projectId, image.id)
  expect(ready).toMatchObject({ status: 'ready', sha256: SHA256, originalKey: originalKey(image.id) })
  expect((await world.memory.originals.lockBySha256(image.projectId, SHA256))?.objectKey).toBe(originalKey(image.id))
})

it('keeps one copy of equal bytes, and counts one; the image keeps its own id', async () => {
  const world = await createWorld()
  const { image: first } = await upload(world, BYTES)
  const { image, payload } = await putDirectly(world)
  expect(storedBytes(world)).toBe(2 * BYTES.length)
  await processImage(world.deps, payload, firstRun(world))
  const ready = await world.memory.images.load(image.projectId, image.id)
  expect(ready).toMatchObject({ id: image.id, status: 'ready', originalKey: first.originalKey, sha256: SHA256 })
  expect(world.blobs.keys().filter(key => key.startsWith('uploads/'))).toEqual([first.originalKey])
  expect(storedBytes(world)).toBe(BYTES.length)
})

it('refuses bytes that are not what was announced', async () => {
  const world = await createWorld()
  const { image, payload } = await putDirectly(world)
  const key = { projectId: image.projectId, imageId: image.id, status: 'uploaded' as const }
  await world.memory.images.update(key, { declaredSha256: 'ab'.repeat(32) })
  expect(await processImage(world.deps, payload, firstRun(world))).toEqual({ outcome: 'failed' })
  const failed = await world.memory.images.load(image.projectId, image.id)
  expect(failed).toMatchObject({ status: 'failed', failure: { code: 'checksum_mismatch' } })
  await world.runJobs()
  expect(world.blobs.keys()).toEqual([])
})

/** A database where the twin begins to be purged by somebody else between two statements of the transaction. */
const withVanishingTwin = (world: World, twinKey: string): Database => ({
  ...world.memory,
  transaction: work =>
    world.memory.transaction(async tx => {
      const setSha256: typeof tx.originals.setSha256 = async (projectId, objectKey, sha256) => {
        const done = await tx.originals.setSha256(projectId, objectKey, sha256)
        if (!done) await tx.originals.markPurging(projectId, twinKey)
        return done
      }
      return work({ ...tx, originals: { ...tx.originals, setSha256 } })
    }),
})

it('keeps its own copy when the twin begins to be purged at that moment', async () => {
  const world = await createWorld()
  const { image: twin } = await upload(world, BYTES)
  const { image, payload } = await putDirectly(world)
  const deps = { ...world.deps, database: withVanishingTwin(world, twin.originalKey ?? '') }
  expect(await processImage(deps, payload, firstRun(world))).toMatchObject({ outcome: 'ready' })
  const ready = await world.memory.images.load(image.projectId, image.id)
  expect(ready).toMatchObject({ status: 'ready', sha256: SHA256, originalKey: originalKey(image.id) })
  expect(world.blobs.bytes(originalKey(image.id))).toEqual(BYTES)
})

it('records nothing for an attempt that was given away', async () => {
  const world = await createWorld()
  const { image } = await putDirectly(world)
  await world.memory.images.move({
    ...{ projectId: image.projectId, imageId: image.id, from: 'uploaded', to: 'processing', at: new Date() },
    ...{ detail: null, change: { attempt: 2 } },
  })
  const bytes = { objectKey: originalKey(image.id), sha256: SHA256, sizeBytes: BYTES.length }
  await adoptHash(world.deps, { ...image, attempt: 1 }, bytes)
  expect((await world.memory.images.load(image.projectId, image.id))?.sha256).toBeNull()
})
