import { expect, it } from 'vitest'
import { createPassingTracer } from './passing-tracer.ts'
import { formatTraceparent, parseTraceparent, traceOfImage } from './trace-context.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const SPAN = 'b7ad6b7169203331'

it('reads and writes W3C Trace Context', () => {
  expect(parseTraceparent(`00-${TRACE}-${SPAN}-01`)).toEqual({ traceId: TRACE, spanId: SPAN, sampled: true })
  expect(formatTraceparent({ traceId: TRACE, spanId: SPAN, sampled: false })).toBe(`00-${TRACE}-${SPAN}-00`)
  // Later versions may say more.
  expect(parseTraceparent(`cc-${TRACE}-${SPAN}-01-what-comes`)).toMatchObject({ traceId: TRACE })
})

it.each([
  ['nothing', ''],
  ['an unknown version', `ff-${TRACE}-${SPAN}-01`],
  ['capitals', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
  ['no trace', `00-${'0'.repeat(32)}-${SPAN}-01`],
  ['no span', `00-${TRACE}-${'0'.repeat(16)}-01`],
  ['more than version 0 has', `00-${TRACE}-${SPAN}-01-x`],
  ['a line break', `00-${TRACE}-${SPAN}-01\n`],
])('does not believe %s', (_what, text) => expect(parseTraceparent(text)).toBeNull())

it('knows the trace of an image from its id', () => {
  const { traceId, spanId } = traceOfImage('01J0000000000000000000000A')
  expect(parseTraceparent(`00-${traceId}-${spanId}-01`)).not.toBeNull()
  expect(traceOfImage('01J0000000000000000000000B').traceId).not.toBe(traceId)
  expect(traceOfImage('01J0000000000000000000000A')).toEqual({ traceId, spanId })
})

it('hands on what a caller traces without tracing anything itself', async () => {
  const tracer = createPassingTracer()
  const parent = `00-${TRACE}-${SPAN}-01`
  const span = tracer.begin('GET', { parent })
  expect(span.traceId).toBe(TRACE)
  expect(tracer.current()).toBeNull()
  await span.run(async () => {
    await Promise.resolve()
    expect(tracer.current()).toBe(parent)
    expect(tracer.begin('inside').run(() => tracer.current())).toBe(parent)
  })
  expect(tracer.begin('GET', { parent: 'nonsense' }).traceId).toBeNull()
})
