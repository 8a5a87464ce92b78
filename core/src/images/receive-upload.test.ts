import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import {
  begin,
  bodyOf,
  createWorld,
  everyFault,
  findDisorder,
  lostConnection,
  sampleBytes,
  send,
  sha256Of,
} from '../testing/index.ts'
import { completeUpload } from './complete-upload.ts'
import { deleteImage } from './delete-images.ts'
import { RECEIVED_DELAY_MS } from './enqueue.ts'
import { storageUnavailable } from './errors.ts'
import { STALE_UPLOAD_GRACE_MS } from './sweep.ts'

const BYTES = sampleBytes(2_000)
const HOUR_MS = 3_600_000

async function begun() {
  const world = await createWorld()
  const started = await begin(world, { sizeBytes: BYTES.length, sha256: sha256Of(BYTES) })
  const { projectId, id: imageId } = started.image
  return { world, started, imageId, load: () => world.memory.images.load(projectId, imageId) }
}

describe('the bytes at a signed upload URL', () => {
  it('are taken once, hashed, and raise the storage event a moment later', async () => {
    const { world, started, imageId, load } = await begun()
    expect(await send(world, started, BYTES)).toEqual({ sizeBytes: 2_000, sha256: sha256Of(BYTES) })
    expect(await load()).toMatchObject({ status: 'pending_upload', sha256: sha256Of(BYTES), sizeBytes: 2_000 })
    const runAt = new Date(world.clock.now().getTime() + RECEIVED_DELAY_MS)
    expect(world.memory.queue.list()).toMatchObject([{ name: 'image.received', runAt, payload: { imageId } }])
    await expect(send(world, started, BYTES)).rejects.toMatchObject({ code: 'upload_already_received' })
    await completeUpload(world.deps, world.owner, { imageId, sha256: null })
    await expect(send(world, started, BYTES)).rejects.toMatchObject({ code: 'upload_already_received' })
    expect(world.blobs.bytes(`uploads/${imageId}`)).toEqual(BYTES)
  })

  it('are taken once although two come at the same moment', async () => {
    const { world, started } = await begun()
    const answers = await Promise.allSettled([send(world, started, BYTES), send(world, started, BYTES)])
    expect(answers.map(answer => answer.status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it.each([
    ['other bytes', sampleBytes(2_001).subarray(1), 'checksum_mismatch'],
    ['too few bytes', BYTES.subarray(1), 'size_mismatch'],
    ['too many bytes', sampleBytes(2_001), 'size_mismatch'],
  ])('are refused for %s, leave nothing, and may come again', async (_name, wrong, code) => {
    const { world, started, load } = await begun()
    const before = await load()
    await expect(send(world, started, wrong)).rejects.toMatchObject({ code })
    expect(world.blobs.keys()).toEqual([])
    expect(await load()).toEqual(before)
    await send(world, started, BYTES)
  })

  it('that break off leave nothing and may come again', async () => {
    const { world, started } = await begun()
    const cut = bodyOf(BYTES, new Error('ECONNRESET'))
    await expect(send(world, started, BYTES, cut)).rejects.toMatchObject({ code: 'upload_interrupted' })
    expect(world.blobs.keys()).toEqual([])
    await send(world, started, BYTES)
  })

  it('are refused when they come late: after a delete, or after the sweep gave the upload up', async () => {
    for (const how of ['deleted', 'expired'] as const) {
      const { world, started, imageId, load } = await begun()
      if (how === 'deleted') await deleteImage(world.deps, world.owner, { imageId })
      world.clock.advance(900_000 + STALE_UPLOAD_GRACE_MS + 1)
      if (how === 'expired') await world.sweep()
      expect((await load())?.status).toBe(how === 'deleted' ? 'deleted' : 'failed')
      await expect(send(world, started, BYTES)).rejects.toMatchObject({ code: 'upload_expired' })
      expect(world.blobs.keys()).toEqual([])
    }
  })

  it('are removed when the image was deleted, or given up, while they came', async () => {
    for (const how of ['deleted', 'expired'] as const) {
      const { world, started, imageId } = await begun()
      const body = new PassThrough()
      const sending = send(world, started, BYTES, body)
      body.write(BYTES.subarray(0, 1_000))
      if (how === 'deleted') await deleteImage(world.deps, world.owner, { imageId })
      world.clock.advance(900_000 + STALE_UPLOAD_GRACE_MS + 1)
      if (how === 'expired') await world.sweep(HOUR_MS)
      await world.runJobs()
      body.end(BYTES.subarray(1_000))
      await expect(sending).rejects.toMatchObject({ code: 'upload_expired' })
      if (how === 'deleted') await world.endRetention()
      expect(world.blobs.keys()).toEqual([])
    }
  })

  it('are removed at once when they come for what is purged', async () => {
    const { world, started, imageId } = await begun()
    const body = new PassThrough()
    const sending = send(world, started, BYTES, body)
    body.write(BYTES.subarray(0, 1_000))
    await deleteImage(world.deps, world.owner, { imageId })
    await world.endRetention()
    body.end(BYTES.subarray(1_000))
    await expect(sending).rejects.toMatchObject({ code: 'upload_expired' })
    expect(world.blobs.keys()).toEqual([])
  })

  it('stay when the client completes while they are recorded', async () => {
    const { world, started, imageId, load } = await begun()
    world.deps.database = {
      ...world.memory,
      transaction: async work => {
        world.deps.database = world.memory
        await completeUpload(world.deps, world.owner, { imageId, sha256: null })
        return world.memory.transaction(work)
      },
    }
    await send(world, started, BYTES)
    await world.runJobs()
    expect(await load()).toMatchObject({ status: 'ready', sha256: sha256Of(BYTES) })
    expect(findDisorder(world)).toEqual({ orphans: [], missing: [] })
  })

  it('leave nothing when storage is away, and are found although the database was away', async () => {
    const { world, started, load } = await begun()
    world.blobs.failWith(storageUnavailable())
    await expect(send(world, started, BYTES)).rejects.toMatchObject({ kind: 'storage' })
    world.blobs.failWith(null)
    world.deps.database = { ...world.memory, transaction: () => Promise.reject(lostConnection()) }
    await expect(send(world, started, BYTES)).rejects.toMatchObject({ kind: 'network' })
    world.deps.database = world.memory
    world.clock.advance(900_000 + STALE_UPLOAD_GRACE_MS + 1)
    expect(await world.sweep()).toMatchObject({ accepted: 1, expired: 0 })
    await world.runJobs()
    expect(await load()).toMatchObject({ status: 'ready' })
  })

  it('reach ready or leave nothing whichever call fails', async () => {
    await everyFault({
      scene: begun,
      act: ({ world, started }) => send(world, started, BYTES),
      check: async ({ world, started, load }) => {
        await send(world, started, BYTES).catch(error => expect(error).toMatchObject({ kind: 'precondition' }))
        world.clock.advance(900_000 + STALE_UPLOAD_GRACE_MS + 1)
        await world.sweep()
        await world.runJobs()
        expect(await load()).toMatchObject({ status: 'ready' })
        expect(findDisorder(world)).toEqual({ orphans: [], missing: [] })
      },
    })
  })
})
