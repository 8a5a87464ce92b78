import { AsyncLocalStorage } from 'node:async_hooks'
import type { Span, SpanOptions, Tracer } from '@calotype/core'
import {
  type Context,
  INVALID_SPAN_CONTEXT,
  type Link,
  type Span as OtelSpan,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import { samplerOf } from './sampler.ts'
import { formatTraceparent, parseTraceparent, traceOfImage } from './trace-context.ts'
import { createTraceIds } from './trace-ids.ts'
import type { TracingSettings } from './tracing-settings.ts'

export interface OtelTracer extends Tracer {
  /** Sends what is finished and stops. */
  close(): Promise<void>
}

/** Spans that wait to be sent; more are dropped, because a receiver that is away must not take the memory of the program. */
const MAX_WAITING_SPANS = 8_192
const SEND_TIMEOUT_MS = 10_000
const SEND_EVERY_MS = 1_000

const KINDS: Record<NonNullable<SpanOptions['kind']>, SpanKind> = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
}

/** Traces by OpenTelemetry, sent over OTLP/HTTP. Nothing global is registered: several may live in one process. */
export function createOtelTracer(settings: TracingSettings): OtelTracer {
  const ids = createTraceIds()
  const exporter = new OTLPTraceExporter({
    url: settings.url,
    headers: settings.headers,
    timeoutMillis: SEND_TIMEOUT_MS,
  })
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ ...settings.resource, 'service.name': settings.serviceName }),
    sampler: samplerOf(settings),
    idGenerator: ids,
    spanProcessors: [
      new BatchSpanProcessor(exporter, { maxQueueSize: MAX_WAITING_SPANS, scheduledDelayMillis: SEND_EVERY_MS }),
    ],
  })
  const tracer = provider.getTracer('calotype')
  const scope = new AsyncLocalStorage<Context>()
  const current = () => scope.getStore() ?? ROOT_CONTEXT

  const start = (name: string, options: SpanOptions): { span: OtelSpan; context: Context } => {
    const { kind = 'internal', attributes = {}, parent, linkToImage, ofImage } = options
    const context = ofImage !== undefined || parent === null ? ROOT_CONTEXT : (contextOf(parent) ?? current())
    const links = linkToImage === undefined ? [] : [linkTo(linkToImage)]
    if (ofImage !== undefined) ids.next(traceOfImage(ofImage).traceId)
    const span = tracer.startSpan(name, { kind: KINDS[kind], attributes: { ...attributes }, links }, context)
    return { span, context: trace.setSpan(context, span) }
  }

  return {
    begin: (name, options = {}) => {
      const { span, context } = start(name, options)
      return asSpan(span, work => scope.run(context, work))
    },
    current: () => {
      const { traceId, spanId, traceFlags } = trace.getSpanContext(current()) ?? INVALID_SPAN_CONTEXT
      if (traceId === INVALID_SPAN_CONTEXT.traceId) return null
      return formatTraceparent({ traceId, spanId, sampled: (traceFlags & TraceFlags.SAMPLED) !== 0 })
    },
    record: (name, { startMs, endMs }, attributes = {}) =>
      tracer.startSpan(name, { startTime: startMs, attributes: { ...attributes } }, current()).end(endMs),
    close: () => provider.shutdown(),
  }
}

const asSpan = (span: OtelSpan, run: Span['run']): Span => ({
  traceId: span.spanContext().traceId,
  set: attributes => void span.setAttributes({ ...attributes }),
  fail: code => {
    span.setAttribute('calotype.code', code)
    span.setStatus({ code: SpanStatusCode.ERROR })
  },
  end: () => span.end(),
  run,
})

/** Null where nothing (readable) was said: then what is under way counts. */
function contextOf(traceparent: string | null | undefined): Context | null {
  const parsed = traceparent ? parseTraceparent(traceparent) : null
  if (!parsed) return null
  const { traceId, spanId, sampled } = parsed
  const traceFlags = sampled ? TraceFlags.SAMPLED : TraceFlags.NONE
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true })
}

const linkTo = (imageId: string): Link => ({
  context: { ...traceOfImage(imageId), traceFlags: TraceFlags.SAMPLED, isRemote: true },
})
