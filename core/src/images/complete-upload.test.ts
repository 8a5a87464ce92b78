import { describe, expect, it } from 'vitest'
import {
  begin,
  contextOf,
  createWorld,
  findDisorder,
  putDirectly,
  sampleBytes,
  seedProject,
  send,
  sha256Of,
  upload,
} from '../testing/index.ts'
import { completeUpload, handleReceived } from './complete-upload.ts'
import { deleteImage } from './delete-images.ts'

const BYTES = sampleBytes(2_000)
const [SHA256, OTHER_SHA256] = [sha256Of(BYTES), 'ab'.repeat(32)]

async function begun(wanted: Parameters<typeof begin>[1] = { sizeBytes: BYTES.length }) {
  const world = await createWorld()
  const started = await begin(world, wanted)
  const { id: imageId, projectId } = started.image
  return {
    world,
    started,
    imageId,
    send: (bytes = BYTES) => send(world, started, bytes),
    complete: (sha256: string | null = null, ctx = world.owner) => completeUpload(world.deps, ctx, { imageId, sha256 }),
    receive: () => handleReceived(world.deps, { projectId, imageId, requestId: 'event' }),
    load: () => world.memory.images.load(projectId, imageId),
  }
}

describe('complete', () => {
  it('hands the image over once its bytes are there', async () => {
    const { world, send, complete, imageId } = await begun()
    await expect(complete()).rejects.toMatchObject({ code: 'upload_not_found', kind: 'conflict' })
    await send()
    const { image, first } = await complete(SHA256)
    const facts = { status: 'uploaded', sizeBytes: 2_000, sha256: SHA256, originalKey: `uploads/${imageId}` }
    expect(image).toMatchObject({ ...facts, confirmedAt: world.clock.now(), uploadedAt: world.clock.now() })
    expect(first).toBe(true)
    expect(world.memory.queue.list().map(job => job.name)).toContain('image.process')
    expect([...world.memory.inspect().usage.values()]).toMatchObject([{ purpose: 'original', storedBytes: 2_000 }])
  })

  it('is answered anew as often as it is called, whatever became of the image', async () => {
    const { world, send, complete } = await begun()
    await send()
    await complete()
    expect(await complete()).toMatchObject({ first: false, image: { status: 'uploaded' } })
    await world.runJobs()
    expect(await complete(SHA256)).toMatchObject({ first: false, image: { status: 'ready' } })
    await expect(complete(OTHER_SHA256)).rejects.toMatchObject({ code: 'checksum_mismatch' })
    expect(world.memory.inspect().usage.size).toBe(2)
  })

  it('is first once, when two calls come at the same moment', async () => {
    const { world, send, complete } = await begun()
    await send()
    const answers = await Promise.all([complete(), complete(), complete()])
    expect(answers.filter(answer => answer.first)).toHaveLength(1)
    const jobs = world.memory.queue.list().filter(job => job.name === 'image.process')
    expect(jobs).toHaveLength(1)
  })

  it('stays confirmed although a worker takes the image up at the same moment', async () => {
    const { world, send, complete } = await begun()
    await send()
    const answer = world.memory.transaction
    world.deps.database = {
      ...world.memory,
      transaction: async work => {
        const result = await answer(work)
        await world.runJobs()
        return result
      },
    }
    expect(await complete()).toMatchObject({ first: true })
    world.deps.database = world.memory
    expect(await complete()).toMatchObject({ first: false, image: { status: 'ready' } })
  })

  it('after the event is still the client’s first, while workers move the image on', async () => {
    const { world, send, complete, receive, load } = await begun()
    await send()
    await receive()
    expect(await load()).toMatchObject({ status: 'uploaded', confirmedAt: null })
    const { update } = world.memory.images
    const late: typeof update = async (key, change) => {
      world.deps.database = world.memory
      await world.runJobs()
      return update(key, change)
    }
    world.deps.database = {
      ...world.memory,
      images: { ...world.memory.images, update: late, find: world.memory.images.find, load: world.memory.images.load },
    }
    expect(await complete()).toMatchObject({ first: true, image: { status: 'ready' } })
    expect(await complete()).toMatchObject({ first: false })
    expect((await load())?.confirmedAt).toEqual(world.clock.now())
  })

  it('is refused for bytes that are not what was announced, each time and whoever looks first', async () => {
    for (const [put, sha256, code] of [
      [sampleBytes(1_999), null, 'size_mismatch'] as const,
      [BYTES, OTHER_SHA256, 'checksum_mismatch'] as const,
    ]) {
      const { world, complete, receive, load, imageId, started } = await begun()
      if (code === 'size_mismatch') await putDirectly(world, imageId, put)
      else await send(world, started, put)
      if (code === 'size_mismatch') await expect(receive()).rejects.toMatchObject({ code })
      for (let call = 0; call < 2; call++)
        await expect(complete(sha256)).rejects.toMatchObject({ code, kind: 'content' })
      expect(await load()).toMatchObject({ status: 'failed', failure: { code } })
      await world.runJobs()
      expect(world.blobs.keys()).toEqual([])
      await expect(complete()).rejects.toMatchObject({ code })
    }
  })

  it('leaves a hash that storage does not know to the worker, from whichever side it comes first', async () => {
    for (const first of ['client', 'event'] as const) {
      for (const sha256 of [SHA256, OTHER_SHA256]) {
        const { world, complete, receive, load, imageId } = await begun()
        await putDirectly(world, imageId, BYTES)
        if (first === 'event') await receive()
        expect(await complete(sha256)).toMatchObject({ first: true, image: { status: 'uploaded' } })
        await world.runJobs()
        const expected =
          sha256 === SHA256 ? { status: 'ready', sha256 } : { status: 'failed', failure: { code: 'checksum_mismatch' } }
        expect(await load()).toMatchObject(expected)
        expect(findDisorder(world)).toEqual({ orphans: [], missing: [] })
        expect(await complete()).toMatchObject({ first: false })
      }
    }
  })

  it('counts for bytes that a worker reads at this very moment', async () => {
    const { world, complete, receive, load, imageId } = await begun()
    await putDirectly(world, imageId, BYTES)
    await receive()
    const { fetchToFile } = world.deps.blobs
    const answers: unknown[] = []
    world.deps.blobs.fetchToFile = async (...asked) => {
      const found = await fetchToFile(...asked)
      answers.push(await complete(OTHER_SHA256))
      return found
    }
    await world.runJobs()
    expect(answers).toMatchObject([{ first: true, image: { status: 'processing' } }])
    expect(await load()).toMatchObject({ status: 'failed', failure: { code: 'checksum_mismatch' } })
  })

  it('collapses bytes that the project has already onto those, and keeps its own id', async () => {
    const { world, send, complete, imageId } = await begun()
    const { image: twin } = await upload(world, BYTES)
    await send()
    expect(await complete()).toMatchObject({ image: { id: imageId, originalKey: twin.originalKey } })
    expect(world.blobs.keys()).toEqual([twin.originalKey])
    await world.runJobs()
    expect(await complete()).toMatchObject({ image: { status: 'ready' } })
    expect(findDisorder(world)).toEqual({ orphans: [], missing: [] })
  })

  it('is refused for what is deleted, expired, unknown, foreign, or not the caller’s to write', async () => {
    const { world, send, complete, imageId } = await begun()
    await send()
    const stranger = contextOf(await seedProject(world.memory))
    await expect(complete(null, stranger)).rejects.toMatchObject({ code: 'not_found' })
    await expect(complete(null, contextOf(world.project, { projectIds: [] }))).rejects.toMatchObject({
      code: 'not_found',
    })
    await expect(complete(null, contextOf(world.project, { role: 'viewer' }))).rejects.toMatchObject({
      code: 'forbidden',
    })
    await deleteImage(world.deps, world.owner, { imageId })
    await expect(complete()).rejects.toMatchObject({ code: 'invalid_transition' })
    const { image } = await begin(world)
    const failure = { code: 'upload_expired', detail: 'late' }
    const move = { projectId: image.projectId, imageId: image.id, from: 'pending_upload', to: 'failed' } as const
    await world.memory.images.move({ ...move, at: new Date(), detail: null, change: { failure } })
    const late = completeUpload(world.deps, world.owner, { imageId: image.id, sha256: null })
    await expect(late).rejects.toMatchObject({ code: 'upload_expired' })
  })

  it('of an image that never had an upload URL is nothing new', async () => {
    const world = await createWorld()
    const { image } = await upload(world, BYTES)
    expect(await completeUpload(world.deps, world.owner, { imageId: image.id, sha256: null })).toMatchObject({
      first: false,
    })
  })
})
