import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import type { BlobInfo } from '../blob-store.ts'
import { begin, createWorld, everyFault, findDisorder, sampleBytes, send, upload } from '../testing/index.ts'
import { completeUpload, handleReceived } from './complete-upload.ts'
import { confirmUpload } from './confirm-upload.ts'

const BYTES = sampleBytes(2_000)

async function begun() {
  const world = await createWorld()
  const started = await begin(world, { sizeBytes: BYTES.length })
  const { id: imageId, projectId } = started.image
  return {
    world,
    send: () => send(world, started, BYTES),
    complete: () => completeUpload(world.deps, world.owner, { imageId, sha256: null }),
    receive: () => handleReceived(world.deps, { projectId, imageId, requestId: 'event' }),
    load: () => world.memory.images.load(projectId, imageId),
  }
}

it('the event hands the image over where the client never calls, and does nothing where it did', async () => {
  const { world, send, receive, load } = await begun()
  await receive().catch(error => expect(error).toMatchObject({ code: 'upload_not_found' }))
  await send()
  world.clock.advance(2_000)
  await world.runJobs()
  const ready = await load()
  expect(ready).toMatchObject({ status: 'ready', confirmedAt: null })
  await receive()
  expect(await load()).toEqual(ready)
})

it('completing loses nothing and leaves nothing whichever call fails', async () => {
  for (const twin of [false, true]) {
    await everyFault({
      scene: async () => {
        const scene = await begun()
        if (twin) await upload(scene.world, BYTES)
        await scene.send()
        return scene
      },
      act: ({ complete }) => complete(),
      check: async ({ world, complete, load }) => {
        await complete()
        await world.runJobs()
        await world.sweep()
        expect(await load()).toMatchObject({ status: 'ready' })
        expect(findDisorder(world)).toEqual({ orphans: [], missing: [] })
      },
    })
  }
})

it('takes the hash that storage checked: compares it, keeps it, and finds the twin by it', async () => {
  const sha256 = createHash('sha256').update(BYTES).digest('hex')
  const told = async (hash: string) => {
    const { world, send, complete, load } = await begun()
    const { image } = await upload(world, BYTES)
    await send()
    const blobs = { ...world.blobs, head: async (key: string) => known(await world.blobs.head(key, BY), hash) }
    const pending = await load()
    if (!pending) throw new Error('The image is gone')
    // Our own upload URL would have seen the bytes; S3's sees them for us.
    await world.memory.images.update(
      { projectId: pending.projectId, imageId: pending.id, status: 'pending_upload' },
      { sha256: null },
    )
    const by = { requestId: 'r', sha256, detail: 'test' }
    const confirmed = confirmUpload({ ...world.deps, blobs }, pending, by)
    return { confirmed, image, load, complete, world }
  }
  const good = await told(sha256)
  await good.confirmed
  expect(await good.load()).toMatchObject({ status: 'uploaded', sha256, originalKey: good.image.originalKey })
  expect(findDisorder(good.world)).toEqual({ orphans: [], missing: [] })
  const bad = await told('0'.repeat(64))
  await expect(bad.confirmed).rejects.toMatchObject({ code: 'checksum_mismatch' })
  expect(await bad.load()).toMatchObject({ status: 'failed', failure: { code: 'checksum_mismatch' } })
})

const BY = { projectId: '', purpose: 'care' as const }
const known = (held: BlobInfo | null, sha256: string): BlobInfo | null => held && { ...held, sha256 }
