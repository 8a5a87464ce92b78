import { expect, it } from 'vitest'
import { begin, createWorld, everyFault, findDisorder, sampleBytes, send, upload } from '../testing/index.ts'
import { completeUpload, handleReceived } from './complete-upload.ts'

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
