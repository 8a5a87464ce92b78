import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import type { Context } from '../../context.ts'
import { newId } from '../../ids.ts'
import {
  bodyOf,
  contextOf,
  createWorld,
  everyFault,
  findDisorder,
  sampleBytes,
  seedProject,
  sha256Of,
  upload,
  type World,
} from '../../testing/index.ts'
import type { BeginUploadInput } from '../begun-upload.ts'
import { completeUpload } from '../complete-upload.ts'
import { deleteImage } from '../delete-images.ts'
import { explainImage } from '../explain-image.ts'
import { CHUNKS_PREFIX } from '../keys.ts'
import { STALE_UPLOAD_GRACE_MS } from '../sweep.ts'
import { appendUpload, GATHER_DELAY_MS, MAX_CHUNKS, PIECE_BYTES } from './append-upload.ts'
import { beginResumable, RESUMABLE_UPLOAD_SECONDS } from './begin-resumable.ts'
import { cancelUpload } from './cancel-upload.ts'
import { findProgress } from './find-progress.ts'

const BYTES = sampleBytes(9_000)
const CUT = 4_000
const input: BeginUploadInput & { sizeBytes: number } = {
  ...{ projectId: null, fileName: 'roof.jpg', declaredType: 'image/jpeg', sizeBytes: BYTES.length, sha256: null },
  ...{ detectionTypes: null, priority: null },
}

async function scene(wanted: Partial<typeof input> = {}) {
  const world = await createWorld()
  const { imageId } = await beginResumable(world.deps, world.owner, { ...input, ...wanted })
  return { world, imageId, ...calls(world, imageId) }
}

function calls(world: World, imageId: string) {
  const progress = (ctx: Context = world.owner) => findProgress(world.deps, ctx, { imageId })
  return {
    progress,
    offset: async () => (await progress()).offset,
    /** Sends the bytes from here on; those behind `until` never come, because the connection breaks. */
    append: (offset: number, until = BYTES.length) => {
      const failure = until < BYTES.length ? new Error('ECONNRESET') : undefined
      const body = bodyOf(BYTES.subarray(offset, until), failure)
      return appendUpload(world.deps, world.owner, { imageId, offset, body })
    },
    load: () => world.memory.images.load(world.project.id, imageId),
    chunks: () => world.blobs.keys().filter(key => key.startsWith(CHUNKS_PREFIX)),
  }
}

describe('a resumable upload', () => {
  it('keeps what came before the connection broke, and goes on from there to a ready image', async () => {
    const { world, imageId, append, offset, load, chunks } = await scene()
    expect(await load()).toMatchObject({ status: 'pending_upload', declaredSize: BYTES.length })
    await expect(append(0, CUT)).rejects.toMatchObject({ code: 'upload_interrupted' })
    expect(await offset()).toBe(CUT)
    await expect(append(CUT, CUT + 1)).rejects.toMatchObject({ code: 'upload_interrupted' })
    expect(await offset()).toBe(CUT + 1)
    expect(world.blobs.bytes(`uploads/${imageId}`)).toBeNull()
    expect(await append(CUT + 1)).toMatchObject({ offset: BYTES.length, image: { status: 'uploaded' } })
    expect(await load()).toMatchObject({ status: 'uploaded', sha256: sha256Of(BYTES), confirmedAt: expect.any(Date) })
    expect(world.blobs.bytes(`uploads/${imageId}`)).toEqual(BYTES)
    await world.runJobs()
    expect(await load()).toMatchObject({ status: 'ready' })
    expect(chunks()).toEqual([])
    expect(findDisorder(world)).toEqual({ orphans: [], missing: [] })
    // The client may not have heard of its end.
    expect(await offset()).toBe(BYTES.length)
    expect(await append(BYTES.length)).toMatchObject({ offset: BYTES.length })
    expect((await completeUpload(world.deps, world.owner, { imageId, sha256: null })).first).toBe(false)
  })

  it('lets every full piece count before the next one is taken', async () => {
    const bytes = Buffer.alloc(2 * PIECE_BYTES + 1, 7)
    const { world, imageId, load } = await scene({ sizeBytes: bytes.length })
    await appendUpload(world.deps, world.owner, { imageId, offset: 0, body: Readable.from([bytes]) })
    expect(await load()).toMatchObject({ status: 'uploaded', sha256: sha256Of(bytes) })
    const job = world.memory.queue.list().find(each => each.name === 'image.purge')
    expect(job?.payload).toMatchObject({ imageId, left: { objectKeys: { length: 3 } } })
  })

  it('tells how far it is', async () => {
    const { world, imageId, append } = await scene()
    await append(0, CUT).catch(() => {})
    const { summary } = await explainImage(world.deps, world.owner, { imageId })
    expect(summary).toContain(`${CUT} of ${BYTES.length} bytes have arrived.`)
  })

  it('is checked like an upload URL when it begins', async () => {
    const world = await createWorld({ settings: { maxBytes: 100, minBytes: 10 } })
    const begin = (wanted: Partial<typeof input>, ctx = world.owner) =>
      beginResumable(world.deps, ctx, { ...input, sizeBytes: 50, ...wanted })
    await expect(begin({ sizeBytes: 101 })).rejects.toMatchObject({
      ...{ code: 'file_too_large', details: { limit: 100, actual: 101 } },
    })
    await expect(begin({ sizeBytes: 0 })).rejects.toMatchObject({ code: 'file_too_small' })
    await expect(begin({ declaredType: 'image/*' })).rejects.toMatchObject({ code: 'unsupported_media_type' })
    await expect(begin({ fileName: '' })).rejects.toMatchObject({ code: 'invalid_file_name' })
    await expect(begin({ projectId: newId() })).rejects.toMatchObject({ code: 'not_found' })
    await expect(begin({}, contextOf(world.project, { role: 'viewer' }))).rejects.toMatchObject({ code: 'forbidden' })
    const { image } = await upload(world, BYTES.subarray(0, 50))
    const again = await begin({ sha256: sha256Of(BYTES.subarray(0, 50)) })
    expect(again).toEqual({ duplicate: true, imageId: image.id })
    expect(await calls(world, image.id).progress()).toMatchObject({ offset: 50, length: 50 })
  })

  it('is nobody else’s', async () => {
    const { world, imageId, progress } = await scene()
    const stranger = contextOf(await seedProject(world.memory))
    const viewer = contextOf(world.project, { role: 'viewer' })
    for (const [ctx, code] of [[stranger, 'not_found'] as const, [viewer, 'forbidden'] as const]) {
      await expect(progress(ctx)).rejects.toMatchObject({ code })
      const sent = { imageId, offset: 0, body: bodyOf(BYTES) }
      await expect(appendUpload(world.deps, ctx, sent)).rejects.toMatchObject({ code })
      await expect(cancelUpload(world.deps, ctx, { imageId })).rejects.toMatchObject({ code })
    }
    expect(await progress()).toMatchObject({ offset: 0 })
  })

  it('refuses every other offset', async () => {
    const { append, offset } = await scene()
    await append(0, CUT).catch(() => {})
    const conflict = { code: 'upload_offset_conflict', details: { allowed: [`${CUT}`] } }
    for (const wrong of [0, CUT - 1, CUT + 1, BYTES.length]) await expect(append(wrong)).rejects.toMatchObject(conflict)
    expect(await offset()).toBe(CUT)
  })

  it('comes out whole although many send it at the same moment', async () => {
    const { world, imageId, append, load } = await scene()
    const settled = await Promise.allSettled([append(0, CUT), append(0), append(0), append(0, 1)])
    const codes = settled.flatMap(each => (each.status === 'rejected' ? [each.reason.code] : []))
    for (const code of codes) expect(['upload_offset_conflict', 'upload_expired', 'upload_interrupted']).toContain(code)
    if ((await load())?.status === 'pending_upload') await append((await calls(world, imageId).progress()).offset)
    expect(world.blobs.bytes(`uploads/${imageId}`)).toEqual(BYTES)
    await world.runJobs()
    expect(findDisorder(world)).toEqual({ orphans: [], missing: [] })
  })

  it('is taken in so many pieces and no more', async () => {
    const { world, imageId, append, offset } = await scene()
    const projectId = world.project.id
    await world.memory.transaction(async tx => {
      for (let start = 0; start < MAX_CHUNKS; start++)
        await tx.uploadChunks.append({ projectId, imageId, start, sizeBytes: 1, objectKey: `resumable/x/${start}` })
    })
    await expect(append(MAX_CHUNKS)).rejects.toMatchObject({ code: 'too_many_chunks', details: { limit: MAX_CHUNKS } })
    expect(await offset()).toBe(MAX_CHUNKS)
    expect(world.blobs.keys()).toEqual([])
  })
})

describe('the end of a resumable upload', () => {
  it('refuses bytes with another checksum, removes them, and says so from then on', async () => {
    const { append, progress, load, world, chunks } = await scene({ sha256: sha256Of(sampleBytes(1)) })
    await expect(append(0)).rejects.toMatchObject({ code: 'checksum_mismatch' })
    expect(await load()).toMatchObject({ status: 'failed', failure: { code: 'checksum_mismatch' } })
    await expect(progress()).rejects.toMatchObject({ code: 'checksum_mismatch' })
    await world.runJobs()
    expect([...chunks(), ...world.blobs.keys()]).toEqual([])
  })

  it('survives every failure and every kill while bytes come', async () => {
    const faults = await everyFault({
      scene,
      act: ({ append }) => append(0),
      check: async ({ world, imageId, append, load, offset, chunks }) => {
        // With the last byte stored nobody has to come back: a job goes on.
        if ((await offset()) < BYTES.length) await append(await offset())
        world.clock.advance(GATHER_DELAY_MS)
        await world.runJobs()
        expect(await load()).toMatchObject({ status: 'ready', sizeBytes: BYTES.length })
        expect(world.blobs.bytes((await load())?.originalKey ?? '')).toEqual(BYTES)
        await world.sweep()
        expect(chunks()).toEqual([])
        expect(imageId).toBe((await load())?.id)
        expect(findDisorder(world)).toEqual({ orphans: [], missing: [] })
      },
    })
    expect(faults).toBeGreaterThan(20)
  })

  it('begins anew where storage has lost a piece', async () => {
    const { world, append, offset, load, chunks } = await scene()
    await append(0, CUT).catch(() => {})
    await world.blobs.remove(chunks(), { projectId: world.project.id, purpose: 'original' })
    await expect(append(CUT)).rejects.toMatchObject({ code: 'upload_not_found' })
    expect(await offset()).toBe(0)
    await append(0)
    expect(await load()).toMatchObject({ status: 'uploaded', sha256: sha256Of(BYTES) })
  })

  it('comes a day after its beginning: the sweep gives it up and its pieces go', async () => {
    const { world, append, progress, load, chunks } = await scene()
    await append(0, CUT).catch(() => {})
    world.clock.advance(RESUMABLE_UPLOAD_SECONDS * 1000)
    for (const late of [progress, () => append(CUT)])
      await expect(late()).rejects.toMatchObject({ code: 'upload_expired' })
    world.clock.advance(STALE_UPLOAD_GRACE_MS + 1)
    expect(chunks()).toHaveLength(1)
    await world.sweep()
    await world.runJobs()
    expect(await load()).toMatchObject({ status: 'failed', failure: { code: 'upload_expired' } })
    expect(chunks()).toEqual([])
    await expect(progress()).rejects.toMatchObject({ code: 'upload_expired' })
  })

  it('leaves pieces of a deleted image until it can no longer be restored', async () => {
    const { world, imageId, append, progress, chunks } = await scene()
    await append(0, CUT).catch(() => {})
    await deleteImage(world.deps, world.owner, { imageId })
    await expect(progress()).rejects.toMatchObject({ code: 'upload_expired' })
    await world.sweep()
    expect(chunks()).toHaveLength(1)
    await world.endRetention()
    expect(chunks()).toEqual([])
    expect(world.memory.inspect().uploadChunks.size).toBe(0)
  })

  it('comes when the client wishes: the pieces go at once, and nothing is taken any more', async () => {
    const { world, imageId, append, progress, load, chunks } = await scene()
    await append(0, CUT).catch(() => {})
    await cancelUpload(world.deps, world.owner, { imageId })
    await world.runJobs()
    expect(chunks()).toEqual([])
    expect(await load()).toMatchObject({ status: 'deleted' })
    for (const late of [progress, () => append(CUT), () => cancelUpload(world.deps, world.owner, { imageId })])
      await expect(late()).rejects.toMatchObject({ code: 'upload_expired' })
  })

  it('is past wishing when the image is there', async () => {
    const { world, imageId, append, load } = await scene()
    await append(0)
    const late = cancelUpload(world.deps, world.owner, { imageId })
    await expect(late).rejects.toMatchObject({ code: 'upload_already_received' })
    expect(await load()).toMatchObject({ status: 'uploaded' })
  })
})
