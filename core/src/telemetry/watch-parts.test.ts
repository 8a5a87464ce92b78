import { Readable } from 'node:stream'
import { expect, it } from 'vitest'
import { storageUnavailable } from '../images/index.ts'
import { engineTimedOut } from '../rendering/index.ts'
import {
  createFakeProcessor,
  createMemoryBlobStore,
  createMemoryDatabase,
  createMemoryTelemetry,
  createTestClock,
} from '../testing/index.ts'
import { BACKLOG_CACHE_MS, watchBacklog } from './watch-backlog.ts'
import { watchBlobStore } from './watch-blob-store.ts'
import { watchPublisher, watchSender } from './watch-messages.ts'
import { watchMeter } from './watch-meter.ts'
import { watchProcessor } from './watch-processor.ts'

const BY = { projectId: 'project', purpose: 'original' as const }

it('counts and traces calls of storage, whatever comes of them, without telling keys', async () => {
  const telemetry = createMemoryTelemetry()
  const memory = createMemoryBlobStore()
  const blobs = watchBlobStore(memory, telemetry)
  telemetry.trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  await blobs.put('uploads/secret', Readable.from(['x']), { maxBytes: 10, contentType: 'image/png' }, BY)
  memory.failWith(storageUnavailable())
  await expect(blobs.head('uploads/secret', BY)).rejects.toMatchObject({ code: 'storage_unavailable' })
  expect(telemetry.totals('calotype_storage_calls_total')).toEqual({
    '{"operation":"put","outcome":"ok"}': 1,
    '{"operation":"head","outcome":"failed"}': 1,
  })
  expect(telemetry.spans).toMatchObject([
    { name: 'storage put', failure: null, ended: true },
    { name: 'storage head', failure: 'storage_unavailable', ended: true },
  ])
  expect(JSON.stringify(telemetry.spans)).not.toContain('uploads/')
})

it('tells of a publisher what the queue took and what it refused', async () => {
  const telemetry = createMemoryTelemetry()
  let away = false
  const failure = { id: 'b', code: 'x', reason: 'x', retryable: true }
  const publish = async () => {
    if (away) throw new Error('away')
    return [failure]
  }
  const publisher = watchPublisher({ publish }, telemetry)
  const messages = ['a', 'b', 'c'].map(id => ({ id, body: '{}' }))
  expect(await publisher.publish(messages)).toEqual([failure])
  away = true
  await expect(publisher.publish(messages)).rejects.toThrow('away')
  expect(telemetry.totals('calotype_pipeline_messages_total')).toEqual({
    '{"outcome":"refused"}': 4,
    '{"outcome":"published"}': 2,
  })
})

it('tells receivers of webhooks the trace, and counts what they answer', async () => {
  const telemetry = createMemoryTelemetry()
  const sent: Readonly<Record<string, string>>[] = []
  let status: number | null = 204
  const sender = watchSender(
    {
      refusalOf: () => null,
      send: async ({ headers }) => {
        sent.push(headers)
        return { status, error: null, answer: null }
      },
    },
    telemetry,
  )
  const request = { url: 'https://a.test/?token=x', headers: { a: 'b' }, body: '{}' }
  await sender.send(request)
  telemetry.trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  for (status of [302, 410, 500, null]) await sender.send(request)
  expect(sent[0]).toEqual({ a: 'b' })
  expect(sent[1]).toEqual({ a: 'b', traceparent: telemetry.trace })
  expect(telemetry.totals('calotype_webhook_sends_total')).toEqual(
    Object.fromEntries(['2xx', '3xx', '4xx', '5xx', 'no_answer'].map(outcome => [JSON.stringify({ outcome }), 1])),
  )
  expect(JSON.stringify(telemetry.spans)).not.toContain('token')
})

it('sums up what the meter of costs hears, and passes it on', async () => {
  const telemetry = createMemoryTelemetry()
  const heard: object[] = []
  const meter = watchMeter({ count: (_by, usage) => void heard.push(usage) }, telemetry.meters)
  meter.count(BY, { puts: 1 })
  meter.count(BY, { puts: 2, gets: 1 })
  meter.count({ ...BY, purpose: 'delivery' }, { deliveredBytes: 80 })
  expect(heard).toHaveLength(3)
  expect(await telemetry.read('calotype_delivered_bytes_total')).toEqual([{ labels: {}, value: 80 }])
  expect(await telemetry.read('calotype_metered_requests_total')).toContainEqual({
    labels: { purpose: 'original', kind: 'put' },
    value: 3,
  })
})

it('counts runs of the engine by how they ended, and makes its steps parts of the trace', async () => {
  const telemetry = createMemoryTelemetry()
  const engine = createFakeProcessor({ result: { variants: [], steps: [{ step: 'decode', startMs: 10, endMs: 260 }] } })
  const processor = watchProcessor(engine, telemetry)
  const request = { source: '', outputDirectory: '', declaredType: null }
  const limits = { allowedTypes: [], maxSide: 1, maxPixels: 1, maxFrames: 1, maxAnimationPixels: 1 }
  const render = () => processor.render({ ...request, limits, recipe: { id: 'r', variants: [] } })
  await render()
  engine.error = engineTimedOut(30_000)
  await expect(render()).rejects.toMatchObject({ code: 'engine_timed_out' })
  expect(telemetry.totals('calotype_engine_renders_total')).toEqual({
    '{"outcome":"done"}': 1,
    '{"outcome":"lost"}': 1,
  })
  expect(telemetry.totals('calotype_engine_step_seconds')).toEqual({ '{"step":"decode"}': 0.25 })
  expect(telemetry.spans.map(({ name }) => name)).toEqual(['engine render', 'engine decode', 'engine render'])
})

it('looks up what waits once in a while, however many ask', async () => {
  const telemetry = createMemoryTelemetry()
  const clock = createTestClock()
  const { backlog } = createMemoryDatabase(clock)
  let looked = 0
  const find = (now: Date) => {
    looked += 1
    return backlog.find(now)
  }
  watchBacklog({ find }, clock, telemetry.meters)
  const names = [
    'calotype_jobs',
    'calotype_jobs_oldest_seconds',
    'calotype_pipeline_waiting',
    'calotype_webhooks_waiting',
  ]
  const askAll = () => Promise.all(names.map(name => telemetry.read(name)))
  expect((await askAll())[2]).toEqual([{ labels: {}, value: 0 }])
  await askAll()
  expect(looked).toBe(1)
  clock.advance(BACKLOG_CACHE_MS)
  await askAll()
  expect(looked).toBe(2)
})
