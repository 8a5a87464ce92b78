import { describe, expect, it } from 'vitest'
import {
  bodyOf,
  createWorld,
  everyFault,
  findDisorder,
  firstRun,
  sampleBytes,
  upload,
  type World,
} from '../testing/index.ts'
import { beginUpload } from './begin-upload.ts'
import { completeUpload } from './complete-upload.ts'
import { deleteImage } from './delete-images.ts'
import type { Image } from './image.ts'
import { originalKey } from './keys.ts'
import { processImage } from './process-image.ts'
import { STRANDED_AFTER_MS } from './sweep.ts'

const BYTES = sampleBytes(1_500)

const processOnce = (world: World, image: Image, attempt = 1) =>
  processImage(
    world.deps,
    { projectId: image.projectId, imageId: image.id, requestId: 'request' },
    { ...firstRun(world), attempt },
  )

/** An upload that nobody could hash on the way, as on storage of others; `twin` has the same bytes already. */
async function unhashed(twin: boolean) {
  const world = await createWorld()
  if (twin) {
    await upload(world, BYTES)
    await world.runJobs()
  }
  const input = {
    projectId: null,
    fileName: 'a.jpg',
    declaredType: 'image/jpeg',
    sha256: null,
    sizeBytes: BYTES.length,
  }
  const begun = await beginUpload(world.deps, world.owner, { ...input, detectionTypes: null, priority: null })
  const projectId = world.project.id
  const put = { maxBytes: 9_999, contentType: 'image/jpeg' }
  await world.blobs.put(originalKey(begun.imageId), bodyOf(BYTES), put, { projectId, purpose: 'original' })
  const { image } = await completeUpload(world.deps, world.owner, { imageId: begun.imageId, sha256: null })
  return { world, image }
}

const scenes = {
  'an upload that was hashed on the way': async () => {
    const world = await createWorld()
    return { world, image: (await upload(world, BYTES)).image }
  },
  'an upload that is hashed by the worker': () => unhashed(false),
  'an upload that turns out to be there already': () => unhashed(true),
}

describe.each(Object.entries(scenes))('processing %s', (_name, scene) => {
  it('ends ready whichever call fails, loses its answer or is the last before a kill', async () => {
    const faults = await everyFault({
      scene,
      act: ({ world, image }) => processOnce(world, image),
      check: async ({ world, image }) => {
        // As the queue does it: the same job again. The sweep finds what no job is left for.
        await processOnce(world, image, 2)
        world.clock.advance(STRANDED_AFTER_MS)
        await world.sweep()
        await world.runJobs()
        const settled = await world.memory.images.load(image.projectId, image.id)
        expect(settled).toMatchObject({ status: 'ready', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) })
        expect(settled?.variants).toHaveLength(6)
        expect(findDisorder(world)).toEqual({ orphans: [], missing: [] })
        expect(world.blobs.keys().filter(key => key.startsWith('uploads/'))).toHaveLength(1)
      },
    })
    expect(faults).toBeGreaterThan(40)
  })

  it('leaves nothing when it was deleted in the middle of any of that', async () => {
    await everyFault({
      scene,
      act: ({ world, image }) => processOnce(world, image),
      check: async ({ world, image }) => {
        await deleteImage(world.deps, world.owner, { imageId: image.id })
        await world.runJobs()
        await processOnce(world, image, 2)
        await world.endRetention()
        await world.sweep()
        expect(findDisorder(world)).toEqual({ orphans: [], missing: [] })
        expect(world.blobs.keys().filter(key => key.includes(image.id))).toEqual([])
      },
    })
  })
})
