import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { newId, originalKey } from '@calotype/core'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { type FakeCloud, startFakeCloud } from '../testing/fauxqs.ts'
import { storageMessage } from '../testing/storage-message.ts'
import { openTestQueue } from '../testing/test-queue.ts'
import { createSqsEventSource, type SqsEventSource, type SqsEventSourceConfig } from './sqs-event-source.ts'
import type { StorageEventHandler } from './storage-event.ts'

let cloud: FakeCloud
beforeAll(async () => {
  cloud = await startFakeCloud()
})
afterAll(() => cloud.close())
const sources: SqsEventSource[] = []
afterEach(async () => {
  for (const source of sources.splice(0)) await source.close()
})

const newQueue = async () => openTestQueue(cloud.connection, await cloud.queue(`q-${randomUUID()}`))
type Queue = Awaited<ReturnType<typeof newQueue>>

function start(queue: Queue, handle: StorageEventHandler, more: Partial<SqsEventSourceConfig> = {}) {
  const logged: string[] = []
  const codes: unknown[] = []
  const write = (facts: Record<string, unknown>, message: string) => {
    logged.push(message)
    if ('code' in facts) codes.push(facts.code)
  }
  const source = createSqsEventSource({
    ...{ ...cloud.connection, queueUrl: queue.url, bucket: 'photos', waitSeconds: 1, firstRetrySeconds: 0 },
    log: { info: write, warn: write },
    ...more,
  })
  sources.push(source)
  source.start(handle)
  return { source, logged, codes }
}
const upload = (id = newId()) => storageMessage({ key: originalKey(id) })
const untilEmpty = (queue: Queue) => vi.waitFor(async () => expect(await queue.count()).toBe(0), { timeout: 10_000 })

describe('storage events', () => {
  it('come to the handler, twice delivered and out of order, until the queue is empty', async () => {
    const queue = await newQueue()
    const ids = Array.from({ length: 25 }, () => newId())
    await queue.send(...[...ids, ...ids.slice(5)].reverse().map(upload))
    const seen = new Set<string>()
    start(queue, async event => {
      seen.add(event.imageId)
      return 'done'
    })
    await untilEmpty(queue)
    expect([...seen].sort()).toEqual([...ids].sort())
  })

  it('that are none of ours are removed and logged, and keep nothing else from being handled', async () => {
    const queue = await newQueue()
    const handle = vi.fn(async () => 'done' as const)
    await queue.send('{', '{"Event":"s3:TestEvent"}', storageMessage({ key: 'private/x' }), 'null', upload())
    const { logged } = start(queue, handle)
    await untilEmpty(queue)
    expect(handle).toHaveBeenCalledTimes(1)
    expect(logged).toEqual(Array(4).fill('A message that is no upload of ours was removed'))
  })

  it('come again when they could not be handled', async () => {
    const queue = await newQueue()
    const [first, second] = [newId(), newId()]
    await queue.send(upload(first), upload(second))
    const tries = new Map<string, number>()
    const { logged } = start(queue, async ({ imageId }) => {
      const count = (tries.get(imageId) ?? 0) + 1
      tries.set(imageId, count)
      if (imageId === first && count < 3) throw new Error('the database is away')
      return imageId === second && count < 2 ? 'retry' : 'done'
    })
    await untilEmpty(queue)
    expect(Object.fromEntries(tries)).toEqual({ [first]: 3, [second]: 2 })
    expect(logged).toEqual(Array(2).fill('A storage event could not be handled'))
  })

  it('go to the dead letters after the cap, whole', async () => {
    const [queue, dead] = [await newQueue(), await newQueue()]
    const body = upload()
    await queue.send(body)
    const handle = vi.fn(async () => 'retry' as const)
    const { source, codes } = start(queue, handle, { deadLetters: { queueUrl: dead.url, maxReceives: 3 } })
    await untilEmpty(queue)
    expect(handle).toHaveBeenCalledTimes(3)
    expect(await dead.peek()).toMatchObject([{ Body: body }])
    expect(codes).toEqual(['dead_letter'])
    expect(await source.check()).toBe('0 waiting, 1 dead letter')
  })

  it('that killed whoever handled them go there unhandled', async () => {
    const [queue, dead] = [await newQueue(), await newQueue()]
    await queue.send(upload())
    for (let receive = 0; receive < 3; receive++) expect(await queue.peek()).toHaveLength(1)
    const handle = vi.fn(async () => 'done' as const)
    start(queue, handle, { deadLetters: { queueUrl: dead.url, maxReceives: 3 } })
    await untilEmpty(queue)
    expect(handle).not.toHaveBeenCalled()
    expect(await dead.count()).toBe(1)
  })

  it('stay ours for as long as the work takes', async () => {
    const queue = await newQueue()
    await queue.send(upload())
    let handled = 0
    const slow: StorageEventHandler = async () => {
      handled += 1
      await delay(2_500)
      return 'done'
    }
    start(queue, slow, { visibilitySeconds: 1 })
    start(queue, slow, { visibilitySeconds: 1 })
    await untilEmpty(queue)
    expect(handled).toBe(1)
  })
})

describe('closing', () => {
  it('lets the handler that runs end, removes its message and takes no other', async () => {
    const queue = await newQueue()
    await queue.send(upload())
    const gate = Promise.withResolvers<void>()
    const handle = vi.fn(async () => {
      await gate.promise
      return 'done' as const
    })
    const { source } = start(queue, handle)
    await vi.waitFor(() => expect(handle).toHaveBeenCalled())
    await queue.send(upload(), upload())
    let closed = false
    const closing = source.close().then(() => {
      closed = true
    })
    await delay(100)
    expect(closed).toBe(false)
    gate.resolve()
    await closing
    expect(handle).toHaveBeenCalledTimes(1)
    expect(await queue.peek()).toHaveLength(2)
    expect(await queue.count()).toBe(2)
  })

  it('does not wait for the long poll, nor for a queue that is away', async () => {
    const queue = await newQueue()
    const idle = start(queue, async () => 'done', { waitSeconds: 20 })
    const away = start(queue, async () => 'done', { endpoint: 'http://127.0.0.1:1', queueUrl: 'http://127.0.0.1:1/q' })
    await vi.waitFor(() => expect(away.logged).toContain('Storage events could not be received'))
    const before = Date.now()
    await idle.source.close()
    await away.source.close()
    expect(Date.now() - before).toBeLessThan(900)
  })

  it('tells whether the queue answers', async () => {
    const queue = await newQueue()
    await expect(start(queue, async () => 'done').source.check()).resolves.toBe('0 waiting')
    const missing = start({ ...queue, url: `${queue.url}-none` }, async () => 'done')
    await expect(missing.source.check()).rejects.toMatchObject({ kind: 'storage', code: 'queue_unavailable' })
    const away = start(queue, async () => 'done', { endpoint: 'http://127.0.0.1:1', queueUrl: 'http://127.0.0.1:1/q' })
    await expect(away.source.check()).rejects.toMatchObject({ kind: 'network', code: 'queue_unavailable' })
  })
})
