import { DomainError, newId, storageUnavailable } from '@calotype/core'
import { begin, createWorld, putDirectly, sampleBytes } from '@calotype/core/testing'
import pino from 'pino'
import { expect, it } from 'vitest'
import { createStorageEventHandler } from './storage-events.ts'

const BYTES = sampleBytes(2_000)
const log = pino({ level: 'silent' })

async function scene(bytes: Buffer | null = BYTES) {
  const world = await createWorld()
  const { image } = await begin(world, { sizeBytes: BYTES.length })
  if (bytes) await putDirectly(world, image.id, bytes)
  const refused: string[] = []
  const security = { record: (entry: { code: string | null }) => void refused.push(entry.code ?? '') }
  const handle = createStorageEventHandler({ ...world.deps, security }, log)
  const load = () => world.memory.images.load(image.projectId, image.id)
  return { world, refused, load, event: () => handle({ imageId: image.id }), handle }
}

it('settles the upload that it tells of, once however often it comes', async () => {
  const { world, event, load } = await scene()
  expect(await event()).toBe('done')
  await world.runJobs()
  const ready = await load()
  expect(ready).toMatchObject({ status: 'ready', confirmedAt: null })
  expect(await event()).toBe('done')
  expect(await load()).toEqual(ready)
})

it('is done with what is none of ours, and with what is not there', async () => {
  const { event, handle, load } = await scene(null)
  expect(await handle({ imageId: newId() })).toBe('done')
  expect(await event()).toBe('done')
  expect(await load()).toMatchObject({ status: 'pending_upload' })
})

it('is done with bytes that are refused, and notes it', async () => {
  const { event, load, refused } = await scene(sampleBytes(1_000))
  expect(await event()).toBe('done')
  expect(await load()).toMatchObject({ status: 'failed', failure: { code: 'size_mismatch' } })
  expect(refused).toEqual(['size_mismatch'])
})

it('comes again while storage or database is away, and for what nobody foresaw', async () => {
  const { world, event, load } = await scene()
  for (const error of [storageUnavailable(), new DomainError('network', 'x', 'x'), new Error('a defect')]) {
    world.blobs.failWith(error)
    expect(await event()).toBe('retry')
  }
  world.blobs.failWith(null)
  expect(await event()).toBe('done')
  expect(await load()).toMatchObject({ status: 'uploaded' })
})
