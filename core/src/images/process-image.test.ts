import { describe, expect, it } from 'vitest'
import { corruptImage, engineCrashed, engineOverloaded } from '../rendering/index.ts'
import { createWorld, findDisorder, firstRun, sampleBytes, upload, type World } from '../testing/index.ts'
import { MAX_ENGINE_FAILURES, MAX_REQUEUE_MS } from './attempt.ts'
import { deleteImage } from './delete-images.ts'
import { storageUnavailable } from './errors.ts'
import { isAnimatedKey } from './keys.ts'
import { processImage } from './process-image.ts'

const BYTES = sampleBytes(2_000)

async function uploaded() {
  const world = await createWorld()
  const { image } = await upload(world, BYTES)
  const payload = { projectId: image.projectId, imageId: image.id, requestId: 'request' }
  const process = (run = firstRun(world)) => processImage(world.deps, payload, run)
  const load = async () => {
    const found = await world.memory.images.load(image.projectId, image.id)
    if (!found) throw new Error('The image is gone')
    return found
  }
  return { world, image, process, load }
}

const variantKeys = (world: World) => world.blobs.keys().filter(key => key.startsWith('private/'))

describe('an image that is processed', () => {
  it('becomes ready with every variant at an immutable key and with what was found', async () => {
    const { world, process, load, image } = await uploaded()
    expect(await process()).toMatchObject({ outcome: 'ready', timings: { wall_ms: 1 } })
    const ready = await load()
    expect(ready).toMatchObject({ status: 'ready', attempt: 1, width: 4032, contentType: 'image/jpeg', failure: null })
    expect(ready.variants).toHaveLength(6)
    const keys = ready.variants.map(variant => variant.objectKey)
    expect(keys.sort()).toEqual(variantKeys(world))
    const key = new RegExp(`^private/${image.projectId}/${image.id}/[0-9a-f]{12}/(thumb|full)\\.(avif|webp|jpg)$`)
    for (const each of keys) expect(each).toMatch(key)
    expect(ready.history.map(line => line.status)).toEqual(['uploaded', 'processing', 'ready'])
    expect(findDisorder(world)).toEqual({ orphans: [], missing: [] })
  })

  it('keeps the files of an animation in a folder of their own', async () => {
    const { world, process, load } = await uploaded()
    world.engine.result = { animated: true, frames: 12 }
    await process()
    for (const { objectKey } of (await load()).variants) expect(objectKey).toMatch(/\/[0-9a-f]{12}-a\//)
    expect(variantKeys(world).every(isAnimatedKey)).toBe(true)
    expect(isAnimatedKey('private/p-a/i-a/0123456789ab/full-a')).toBe(false)
  })

  it('is left alone when it is settled, gone or of another project', async () => {
    const { world, process, image } = await uploaded()
    await process()
    expect(await process()).toEqual({ outcome: 'superseded' })
    const strangers = [{ imageId: '01K9Z5J8Q3T7W2X4Y6A8B0C2D4' }, { projectId: '01K9Z5J8Q3T7W2X4Y6A8B0C2D4' }]
    for (const other of strangers) {
      const payload = { projectId: image.projectId, imageId: image.id, requestId: 'request', ...other }
      expect(await processImage(world.deps, payload, firstRun(world))).toEqual({ outcome: 'superseded' })
    }
    expect(world.engine.requests).toHaveLength(1)
  })

  it('fails by a verdict: at once, with the reason, its bytes removed, never tried anew', async () => {
    const { world, process, load } = await uploaded()
    world.engine.error = corruptImage('it ends early')
    expect(await process()).toEqual({ outcome: 'failed' })
    expect(world.engine.requests).toHaveLength(1)
    expect(await load()).toMatchObject({ status: 'failed', failure: { code: 'corrupt_image' }, engineFailures: 0 })
    await world.runJobs()
    expect(world.blobs.keys()).toEqual([])
    expect(await load()).toMatchObject({ status: 'failed', originalKey: null, failure: { code: 'corrupt_image' } })
  })
})

describe('an attempt that the engine lost', () => {
  it('is repeated once at once', async () => {
    const { world, process, load } = await uploaded()
    world.engine.error = [engineCrashed('SIGSEGV')]
    expect(await process()).toMatchObject({ outcome: 'ready' })
    expect(world.engine.requests).toHaveLength(2)
    expect(await load()).toMatchObject({ attempt: 1, engineFailures: 0 })
  })

  it('goes back to the queue after that, and is poison after a few times; its original stays', async () => {
    const { world, process, load, image } = await uploaded()
    world.engine.error = engineCrashed('SIGSEGV')
    for (let run = 1; run < MAX_ENGINE_FAILURES; run++) {
      await expect(process()).rejects.toMatchObject({ code: 'engine_crashed' })
      expect(await load()).toMatchObject({ status: 'uploaded', engineFailures: run })
    }
    expect(await process()).toEqual({ outcome: 'failed' })
    expect(world.engine.requests).toHaveLength(2 * MAX_ENGINE_FAILURES)
    expect(await load()).toMatchObject({ status: 'failed', failure: { code: 'engine_crashed' } })
    await world.runJobs()
    expect(world.blobs.keys()).toEqual([image.originalKey])
  })

  it('is not repeated at once for anything else', async () => {
    const { world, process, load } = await uploaded()
    world.engine.error = new Error('a defect')
    await expect(process()).rejects.toThrow('a defect')
    expect(world.engine.requests).toHaveLength(1)
    expect(await load()).toMatchObject({ status: 'uploaded', engineFailures: 1 })
  })

  it('does not count when the engine had no room', async () => {
    const { world, process, load } = await uploaded()
    world.engine.error = engineOverloaded(1)
    for (let run = 0; run <= MAX_ENGINE_FAILURES; run++)
      await expect(process()).rejects.toMatchObject({ code: 'overloaded' })
    expect(await load()).toMatchObject({ status: 'uploaded', engineFailures: 0 })
  })
})

describe('while storage is away', () => {
  it('the image waits and the queue is told; nothing counts as poison', async () => {
    const { world, process, load } = await uploaded()
    world.blobs.failWith(storageUnavailable())
    for (let run = 0; run < 5; run++) await expect(process()).rejects.toMatchObject({ code: 'storage_unavailable' })
    expect(await load()).toMatchObject({ status: 'uploaded', engineFailures: 0, failure: null })
    world.blobs.failWith(null)
    expect(await process()).toMatchObject({ outcome: 'ready' })
  })

  it('an original that is not there is waited for as well', async () => {
    const { world, process, load, image } = await uploaded()
    await world.blobs.remove([image.originalKey ?? ''], { projectId: image.projectId, purpose: 'original' })
    await expect(process()).rejects.toMatchObject({ code: 'storage_unavailable' })
    expect(await load()).toMatchObject({ status: 'uploaded' })
  })

  it('it is given up after a day, or when the queue would not try again; the original stays', async () => {
    for (const how of [
      { late: MAX_REQUEUE_MS + 1, attempt: 3 },
      { late: 0, attempt: 20 },
    ]) {
      const { world, process, load, image } = await uploaded()
      world.blobs.failWith(storageUnavailable())
      const run = { ...firstRun(world), attempt: how.attempt }
      world.clock.advance(how.late)
      expect(await process(run)).toEqual({ outcome: 'failed' })
      expect(await load()).toMatchObject({ status: 'failed', failure: { code: 'storage_unavailable' } })
      expect(world.blobs.keys()).toEqual([image.originalKey])
    }
  })

  it('it is not given up a moment before', async () => {
    const { world, process, load } = await uploaded()
    world.blobs.failWith(storageUnavailable())
    const run = { ...firstRun(world), attempt: 19 }
    world.clock.advance(MAX_REQUEUE_MS)
    await expect(process(run)).rejects.toMatchObject({ code: 'storage_unavailable' })
    expect(await load()).toMatchObject({ status: 'uploaded' })
  })
})

describe('an attempt that was given away', () => {
  it.each(['ready', 'lost', 'refused'] as const)('cannot write that it was %s, while its heir works', async outcome => {
    const { world, process, load } = await uploaded()
    const { render } = world.engine
    let goOn = () => {}
    const heirMayGoOn = new Promise<void>(resolve => {
      goOn = resolve
    })
    let heir: Promise<unknown> = Promise.resolve()
    world.engine.render = async request => {
      // The queue believes this worker dead and gives the job to another one.
      await new Promise<void>(begun => {
        world.engine.render = async mine => {
          begun()
          await heirMayGoOn
          return render(mine)
        }
        heir = process()
      })
      if (outcome === 'lost') throw storageUnavailable()
      if (outcome === 'refused') throw corruptImage('so it says')
      return render(request)
    }
    expect((await process()).outcome).not.toBe('ready')
    expect(await load()).toMatchObject({ status: 'processing', attempt: 2, failure: null })
    goOn()
    expect(await heir).toMatchObject({ outcome: 'ready' })
    const image = await load()
    expect(image).toMatchObject({ status: 'ready', attempt: 2 })
    const statuses = image.history.map(line => line.status)
    expect(statuses).toEqual(['uploaded', 'processing', 'uploaded', 'processing', 'ready'])
    await world.runJobs()
    expect(findDisorder(world)).toEqual({ orphans: [], missing: [] })
  })

  it('leaves no objects when the image was deleted meanwhile', async () => {
    const { world, process, load, image } = await uploaded()
    const render = world.engine.render
    world.engine.render = async request => {
      await deleteImage(world.deps, world.owner, { imageId: image.id })
      await world.endRetention()
      expect(world.blobs.keys()).toEqual([])
      return render(request)
    }
    expect(await process()).toEqual({ outcome: 'superseded' })
    expect(await load()).toMatchObject({ status: 'deleted', variants: [] })
    expect(world.blobs.keys()).toEqual([])
  })
})
