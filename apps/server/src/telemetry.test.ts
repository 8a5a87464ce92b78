import { readFile } from 'node:fs/promises'
import { METRICS, type MetricDefinition, RENDER_STEPS } from '@calotype/core'
import { createFakeProcessor, sampleBytes } from '@calotype/core/testing'
import pino from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { UPLOAD_ROUTES } from './http/watch-requests.ts'
import { loggerOptions } from './logger.ts'
import { type ReceivedSpan, startOtlpReceiver } from './testing/otlp-receiver.ts'
import { startTestServer, type TestServer } from './testing/test-server.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const CALLER = 'b7ad6b7169203331'
const REQUEST = 'one-upload'
const SECRET_NAME = 'grandmother-in-the-garden.jpg'
const TOKEN = 'a token for whoever watches'

let server: TestServer
let receiver: Awaited<ReturnType<typeof startOtlpReceiver>>
const lines: string[] = []

beforeAll(async () => {
  receiver = await startOtlpReceiver()
  const steps = RENDER_STEPS.map((step, index) => ({
    step,
    startMs: Date.now() + index,
    endMs: Date.now() + index + 1,
  }))
  server = await startTestServer({
    processor: createFakeProcessor({ result: { steps } }),
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_SERVICE_NAME: 'photos', METRICS_TOKEN: TOKEN },
    log: pino(loggerOptions({ logLevel: 'debug' }), { write: line => void lines.push(line) }),
  })
})
afterAll(async () => {
  await server.close()
  await receiver.close()
})

const scrape = (authorization?: string) =>
  server.app.inject({ url: '/metrics', headers: authorization === undefined ? {} : { authorization } })

/** What one span leads to, itself included. */
function under(spans: readonly ReceivedSpan[], root: ReceivedSpan): ReceivedSpan[] {
  return [root, ...spans.filter(span => span.parentSpanId === root.spanId).flatMap(span => under(spans, span))]
}

it('is one trace from the request over queue, engine and store to the event, with one request id in every line', async () => {
  const uploaded = await server.upload(sampleBytes(3_000), {
    query: '?wait=ready',
    parts: [{ name: 'detection_types', value: 'rust' }],
    file: { fileName: SECRET_NAME },
    headers: { traceparent: `00-${TRACE}-${CALLER}-01`, 'x-request-id': REQUEST },
  })
  expect(uploaded.statusCode).toBe(201)
  const wanted = [
    'POST /api/v1/images/upload',
    ...['storage put', 'transaction', 'event image.status', 'job image.process', 'storage fetch', 'engine render'],
    ...['engine gate', 'engine variants', 'storage put_file', 'event analysis.updated', 'job pipeline.relay'],
  ]
  const ours = () => receiver.spans().filter(({ traceId }) => traceId === TRACE)
  await expect
    .poll(() => wanted.filter(name => !ours().some(span => span.name === name)), { timeout: 30_000 })
    .toEqual([])
  const spans = ours()
  const root = spans.find(({ parentSpanId }) => parentSpanId === CALLER)
  expect(root?.name).toBe('POST /api/v1/images/upload')
  expect(root && under(spans, root).length).toBe(spans.length)
  const ready = spans.find(
    ({ name, attributes }) => name === 'event image.status' && attributes['calotype.status'] === 'ready',
  )
  const process = spans.find(({ name }) => name === 'job image.process')
  expect(process && ready && under(spans, process)).toContain(ready)
  expect(process?.attributes).toMatchObject({ 'calotype.request_id': REQUEST, 'calotype.image_id': uploaded.json().id })
  expect(receiver.services()).toEqual(['photos'])

  const job = () =>
    lines.map(line => JSON.parse(line)).find(({ job: name, outcome }) => name === 'image.process' && outcome)
  await expect.poll(job, { timeout: 30_000 }).toMatchObject({ request_id: REQUEST, trace_id: TRACE, outcome: 'ready' })
  const request = lines
    .map(line => JSON.parse(line))
    .find(({ msg, path }) => msg === 'request' && path === '/api/v1/images/upload')
  expect(request).toMatchObject({ request_id: REQUEST, trace_id: TRACE, status: 201 })
  for (const line of lines.filter(each => each.includes(REQUEST)))
    expect(line.match(/"request_id"/g), line).toHaveLength(1)
})

it('puts no names of files, places, tokens or signatures into traces', () => {
  const text = JSON.stringify(receiver.spans())
  expect(text.length).toBeGreaterThan(1_000)
  for (const secret of [SECRET_NAME, server.ownerKey, 'latitude', 'Bearer', 'sig=', '.jpg', TOKEN])
    expect(text).not.toContain(secret)
})

it('points from the trace that signed an upload URL to that of the storage event', async () => {
  const headers = { traceparent: `00-${'c'.repeat(32)}-${CALLER}-01` }
  const payload = { file_name: SECRET_NAME, file_size: 10, mime_type: 'image/jpeg' }
  const begun = await server.call({ method: 'POST', url: '/api/v1/images/upload-url', payload, headers })
  const id: unknown = begun.json().image_id
  const span = () =>
    receiver.spans().find(({ name, attributes }) => name === 'upload begun' && attributes['calotype.image_id'] === id)
  await expect.poll(() => span()?.links, { timeout: 30_000 }).toHaveLength(1)
  expect(span()?.traceId).toBe('c'.repeat(32))
})

it('shows its figures to whoever has the token', async () => {
  for (const wrong of [undefined, 'Bearer', `Bearer ${TOKEN}x`, TOKEN]) {
    const refused = await scrape(wrong)
    expect([refused.statusCode, refused.json().code]).toEqual([401, 'unauthorized'])
  }
  const answer = await scrape(`Bearer ${TOKEN}`)
  expect(answer.headers['content-type']).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8')
  expect(answer.body).toMatch(/^calotype_images_ready_total\{origin="upload"\} 1$/m)
  expect(answer.body).toMatch(
    /^calotype_http_requests_total\{method="POST",route="\/api\/v1\/images\/upload",status="2xx"\} 1$/m,
  )
  expect(answer.body).toMatch(/^calotype_jobs\{job="care.sweep",state="given_up"\} 0$|^calotype_pipeline_waiting 1$/m)
  expect(answer.body).not.toContain(server.ownerKey)
})

it('counts refused uploads by their code', async () => {
  const refused = await server.call({ method: 'POST', url: '/api/v1/images/upload-url', payload: { file_name: 'x' } })
  expect(refused.json().code).toBe('invalid_request')
  const { body } = await scrape(`Bearer ${TOKEN}`)
  expect(body).toMatch(/^calotype_uploads_refused_total\{code="invalid_request"\} 1$/m)
})

it('knows every route where bytes come in', () => {
  const unknown = [...UPLOAD_ROUTES].filter(route => {
    const [method = '', url = ''] = route.split(' ')
    const known = (['POST', 'PUT', 'PATCH'] as const).find(each => each === method)
    return known === undefined || !server.app.hasRoute({ method: known, url })
  })
  expect(unknown).toEqual([])
})

it('has a dashboard of figures that there are, and of every one in the table', async () => {
  const dashboard = await readFile(new URL('../../../docs/grafana/calotype.json', import.meta.url), 'utf8')
  const { body } = await scrape(`Bearer ${TOKEN}`)
  const told = new Map([...body.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => [name, type]))
  const shown = new Set(dashboard.match(/\b(?:calotype|process|nodejs)_[a-z0-9_]+/g))
  const exists = (name: string) =>
    told.has(name) ||
    told.get(name.replace(/_total$/, '')) === 'counter' ||
    told.get(name.replace(/_(bucket|sum|count)$/, '')) === 'histogram'
  expect(shown.size).toBeGreaterThan(40)
  expect([...shown].filter(name => !exists(name))).toEqual([])
  const table: ReadonlyArray<[string, MetricDefinition]> = Object.entries(METRICS)
  const missing = table.filter(([name, { type }]) => !shown.has(type === 'histogram' ? `${name}_bucket` : name))
  expect(missing.map(([name]) => name)).toEqual([])
})
