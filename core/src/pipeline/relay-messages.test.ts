import { describe, expect, it } from 'vitest'
import { deleteImage, restoreImage } from '../images/index.ts'
import { createWorld, upload, type World } from '../testing/index.ts'
import {
  listMessages,
  MAX_ERROR_LENGTH,
  type MessagePublisher,
  type OutgoingMessage,
  PUBLISH_BATCH,
  RELAY_LEASE_MS,
  RELAY_PATIENCE_MS,
  relayMessages,
  resendMessage,
} from './index.ts'

const TYPES = { detection_types: ['damage', 'rust'] }
const HOUR = 3_600_000

async function scene(settings: Parameters<typeof createWorld>[0] = {}) {
  const world = await createWorld(settings)
  const sent: OutgoingMessage[][] = []
  const publisher: MessagePublisher = {
    publish: async messages => {
      sent.push([...messages])
      return []
    },
  }
  const deps = { ...world.deps, publisher, publishTimeoutMs: 50 }
  return {
    ...{ world, sent, publisher, deps },
    /** Everything that is due: processing, and the relay. */
    run: async () => {
      await world.runJobs()
      return relayMessages(deps, { requestId: 'r' })
    },
    messages: async () =>
      (await listMessages(deps, world.owner, { projectId: null, status: null, cursor: null, limit: 200 })).items,
  }
}

const photo = async (world: World, name: string, fields: Parameters<typeof upload>[2] = { fields: TYPES }) =>
  (await upload(world, Buffer.from(name), fields)).image
const bodies = (batches: readonly OutgoingMessage[][]) => batches.flat().map(({ body }) => JSON.parse(body))

describe('a message', () => {
  it('goes out when the image is ready, as the pipeline reads it', async () => {
    const { world, sent, run, messages } = await scene()
    const image = await photo(world, 'a', { fields: { ...TYPES, priority: 'high' } })
    expect(await messages()).toEqual([])
    expect(await run()).toEqual({ delivered: 1, putOff: 0, failed: 0 })
    expect(bodies(sent)).toEqual([
      {
        ...{ photo_id: image.id, s3_url: `${world.blobs.uriPrefix}uploads/${image.id}` },
        ...{ detection_types: ['damage', 'rust'], priority: 'high' },
      },
    ])
    const ready = await world.memory.images.load(world.project.id, image.id)
    expect(ready?.analysis).toMatchObject({ status: 'queued', types: ['damage', 'rust'] })
    expect(ready?.history.at(-1)).toMatchObject({ status: 'ready', detail: 'analysis queued' })
    const events = world.memory.inspect().events.filter(({ type }) => type === 'analysis.updated')
    expect(events.map(({ payload }) => payload)).toMatchObject([{ image_id: image.id, analysis: { status: 'queued' } }])
    expect(await run()).toEqual({ delivered: 0, putOff: 0, failed: 0 })
  })

  it('takes its types from the project, and is not there without any', async () => {
    const { world, sent, run, messages } = await scene({ settings: { detectionTypes: ['roof'] } })
    await photo(world, 'a', {})
    await photo(world, 'b', { fields: { detection_types: [] } })
    await run()
    expect(bodies(sent).map(({ detection_types }) => detection_types)).toEqual([['roof']])
    expect(await messages()).toHaveLength(1)
    const none = await scene()
    await photo(none.world, 'a', {})
    await none.run()
    expect(await none.messages()).toEqual([])
  })

  it('waits to be read where there is no queue', async () => {
    const { world, deps, messages } = await scene()
    await photo(world, 'a')
    await world.runJobs()
    expect(await relayMessages({ ...deps, publisher: null }, { requestId: 'r' })).toMatchObject({ delivered: 0 })
    expect(await messages()).toMatchObject([{ status: 'waiting', attempts: 0 }])
  })

  it('is there exactly when the image is ready, whatever call fails or is killed', async () => {
    let faults = 0
    for (let call = 1; ; call++) {
      const { world, run, sent } = await scene()
      const image = await photo(world, 'a')
      world.faults.revive()
      world.faults.plan({ call, when: call % 2 === 0 ? 'after' : 'before', kill: call % 3 === 0 })
      await world.runJobs()
      const { struck } = world.faults
      world.faults.revive()
      const at = await world.memory.images.load(world.project.id, image.id)
      expect(world.memory.inspect().pipelineMessages.size).toBe(at?.status === 'ready' ? 1 : 0)
      for (let hour = 0; hour < 5; hour++) {
        world.clock.advance(HOUR)
        await run()
      }
      expect(bodies(sent)).toHaveLength(1)
      if (!struck) break
      faults++
    }
    expect(faults).toBeGreaterThan(5)
  })
})

describe('a queue', () => {
  it('gets at most ten messages a call', async () => {
    const { world, sent, run } = await scene()
    for (let count = 0; count < 2 * PUBLISH_BATCH + 3; count++) await photo(world, `p${count}`)
    expect(await run()).toMatchObject({ delivered: 23 })
    expect(sent.map(batch => batch.length)).toEqual([10, 10, 3])
  })

  it('that is away fails no upload; its messages are put off and come in the end, each image in order', async () => {
    const { world, sent, publisher, run, messages } = await scene()
    const publish = publisher.publish
    let failures = 0
    publisher.publish = async batch => {
      if (failures++ < 5) throw new Error('queue away')
      return publish(batch)
    }
    const image = await photo(world, 'a')
    expect(await run()).toMatchObject({ putOff: 1 })
    expect((await world.memory.images.load(world.project.id, image.id))?.status).toBe('ready')
    expect(await messages()).toMatchObject([
      { status: 'waiting', attempts: 1, lastError: expect.stringMatching(/away/) },
    ])
    expect(await run()).toEqual({ delivered: 0, putOff: 0, failed: 0 })
    const later = world.memory.queue.list().find(({ key }) => key === 'pipeline.relay.later')
    expect(later?.runAt.getTime()).toBeGreaterThan(world.clock.now().getTime())
    for (let minutes = 0; minutes < 120 && sent.length === 0; minutes++) {
      world.clock.advance(60_000)
      await run()
    }
    expect([bodies(sent).length, failures]).toEqual([1, 6])
    expect(await messages()).toMatchObject([{ status: 'delivered', lastError: null }])
  })

  it('that hangs counts as away', async () => {
    const { world, publisher, run, messages } = await scene()
    publisher.publish = () => new Promise(() => {})
    await photo(world, 'a')
    expect(await run()).toMatchObject({ putOff: 1 })
    expect((await messages())[0]?.lastError).toMatch(/did not answer within 50 ms/)
  })

  it('gets a batch again that was sent and never noted', async () => {
    const { world, deps, sent, messages } = await scene()
    await photo(world, 'a')
    await world.runJobs()
    const dies = { ...deps, database: { ...deps.database, pipeline: { ...deps.database.pipeline } } }
    dies.database.pipeline.settle = async () => {
      throw new Error('killed')
    }
    dies.database.pipeline.claim = claim => deps.database.pipeline.claim(claim)
    await expect(relayMessages(dies, { requestId: 'r' })).rejects.toThrow('killed')
    expect(await relayMessages(deps, { requestId: 'r' })).toMatchObject({ delivered: 0 })
    // Whoever runs next is woken when the lease is over.
    const later = world.memory.queue.list().find(({ key }) => key === 'pipeline.relay.later')
    expect(later?.runAt.getTime()).toBe(world.clock.now().getTime() + RELAY_LEASE_MS)
    world.clock.advance(RELAY_LEASE_MS)
    expect(await relayMessages(deps, { requestId: 'r' })).toMatchObject({ delivered: 1 })
    expect(sent.map(batch => batch.map(({ id }) => id))).toEqual([
      sent[0]?.map(({ id }) => id),
      sent[0]?.map(({ id }) => id),
    ])
    expect((await messages())[0]?.status).toBe('delivered')
  })

  it('that takes some and refuses others for good or for now is believed each time', async () => {
    const { world, publisher, run, messages } = await scene()
    for (const name of ['a', 'b', 'c']) await photo(world, name)
    publisher.publish = async batch => [
      { id: batch[0]?.id ?? '', code: 'MessageTooLong', reason: 'x'.repeat(2 * MAX_ERROR_LENGTH), retryable: false },
      { id: batch[1]?.id ?? '', code: 'InternalError', reason: 'later', retryable: true },
    ]
    expect(await run()).toEqual({ delivered: 1, putOff: 1, failed: 1 })
    const all = await messages()
    expect(all.map(({ status }) => status).sort()).toEqual(['delivered', 'failed', 'waiting'])
    expect(all.find(({ status }) => status === 'failed')?.lastError).toHaveLength(MAX_ERROR_LENGTH)
  })

  it('is given up after a day, and can be tried again by hand', async () => {
    const { world, deps, sent, publisher, run, messages } = await scene()
    const publish = publisher.publish
    publisher.publish = async () => {
      throw new Error('away')
    }
    await photo(world, 'a')
    for (let waited = 0; waited < RELAY_PATIENCE_MS + HOUR; waited += 600_000) {
      await run()
      world.clock.advance(600_000)
    }
    const [failed] = await messages()
    expect(failed).toMatchObject({ status: 'failed', nextAttemptAt: null })
    publisher.publish = publish
    await run()
    expect(sent).toEqual([])
    await resendMessage(deps, world.owner, { messageId: failed?.id ?? '' })
    expect(world.memory.queue.list().some(({ key }) => key === 'pipeline.relay')).toBe(true)
    await run()
    expect(bodies(sent)).toHaveLength(1)
  })
})

it('keeps back what is about a deleted image until it is restored', async () => {
  const { world, sent, deps, run } = await scene()
  const image = await photo(world, 'a')
  await world.runJobs()
  await deleteImage(deps, world.owner, { imageId: image.id })
  await run()
  expect(sent).toEqual([])
  await restoreImage(deps, world.owner, { imageId: image.id })
  await run()
  expect(bodies(sent)).toHaveLength(1)
})
