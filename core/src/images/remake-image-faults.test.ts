import { describe, expect, it } from 'vitest'
import { everyFault, firstRun, remakeScene } from '../testing/index.ts'
import { deleteImage } from './delete-images.ts'
import { remakeImage } from './remake-image.ts'

const { begin, changed, isWhole, load, names, NEW, progress, started } = remakeScene

describe('a remake', () => {
  const act = ({ world, images, run }: Awaited<ReturnType<typeof prepared>>) =>
    remakeImage(
      world.deps,
      { projectId: world.project.id, imageId: images[0]?.id ?? '', runId: run.id, requestId: 'r' },
      firstRun(world),
    )

  async function prepared() {
    const scene = await started()
    await scene.world.memory.remakes.takeWaiting(scene.world.project.id, scene.run.id, 9)
    return scene
  }

  it('serves the old or the new whichever call fails, and is counted exactly', async () => {
    const faults = await everyFault({
      scene: prepared,
      act,
      check: async scene => {
        const { world, images, run } = scene
        const served = await load(world, images[0])
        for (const { objectKey } of served.variants) expect(world.blobs.bytes(objectKey)).not.toBeNull()
        await act(scene)
        expect(await progress(world, run.id)).toMatchObject({
          state: 'completed',
          total: 1,
          done: 1,
          failed: 0,
          skipped: 0,
        })
        expect(names(await load(world, served))).toEqual(NEW)
        await isWhole(world)
      },
    })
    expect(faults).toBeGreaterThan(20)
  })

  it('leaves nothing of an image that is deleted in the middle of any of that', async () => {
    await everyFault({
      scene: prepared,
      act,
      check: async scene => {
        const { world, images, run } = scene
        await deleteImage(world.deps, world.owner, { imageId: images[0]?.id ?? '' })
        await act(scene)
        const { done, skipped, state } = await progress(world, run.id)
        expect([done + skipped, state]).toEqual([1, 'completed'])
        world.clock.advance(8 * 86_400_000)
        await world.runJobs()
        await world.sweep()
        expect(world.blobs.keys()).toEqual([])
      },
    })
  })

  it('starts and goes on whichever call fails', async () => {
    await everyFault({
      scene: () => changed(2),
      act: ({ world }) => begin(world).then(() => undefined),
      check: async ({ world }) => {
        const active = await world.memory.remakes.findActive(world.project.id)
        const run = active ?? (await begin(world))
        await world.runJobs()
        await world.sweep()
        await world.runJobs()
        expect(await progress(world, run.id)).toMatchObject({ state: 'completed', done: 2 })
        await isWhole(world)
      },
    })
  })
})
