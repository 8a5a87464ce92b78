import { afterAll, expect, it } from 'vitest'
import { createOtelTracer } from './otel-tracer.ts'
import { traceOfImage } from './trace-context.ts'

const PARENT = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' }

/** Samples what callers sample and nothing else, so that nothing is sent. */
const tracer = createOtelTracer({
  ...{ url: 'http://127.0.0.1:1/v1/traces', headers: {}, serviceName: 'test', resource: {} },
  ...{ sampler: 'always_off', ratio: 1 },
})
afterAll(() => tracer.close())

it('goes on with what a caller traces, and begins anew where nothing readable was said', () => {
  const parent = `00-${PARENT.traceId}-${PARENT.spanId}-01`
  expect(tracer.begin('GET', { parent }).traceId).toBe(PARENT.traceId)
  for (const said of [null, 'nonsense', ''])
    expect(tracer.begin('GET', { parent: said }).traceId).not.toBe(PARENT.traceId)
})

it('makes parts of what is under way, however deep and however late', async () => {
  expect(tracer.current()).toBeNull()
  const outer = tracer.begin('GET', { parent: null })
  await outer.run(async () => {
    await Promise.resolve()
    const inner = tracer.begin('inside')
    expect(inner.traceId).toBe(outer.traceId)
    expect(inner.run(() => tracer.current())).toMatch(new RegExp(`^00-${outer.traceId}-[0-9a-f]{16}-00$`))
    expect(tracer.begin('job', { parent: null }).traceId).not.toBe(outer.traceId)
  })
  expect(tracer.current()).toBeNull()
})

it('begins the trace of an image where others point to, once', () => {
  const image = '01J0000000000000000000000A'
  const parent = tracer.begin('GET', { parent: null })
  const event = parent.run(() => tracer.begin('storage event', { ofImage: image }))
  expect(event.traceId).toBe(traceOfImage(image).traceId)
  expect(tracer.begin('GET', { parent: null }).traceId).not.toBe(event.traceId)
})
