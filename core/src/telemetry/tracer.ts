import { DomainError } from '../errors.ts'

/** What spans may tell. Ids and counts only: no names of files, no places, no URLs, no secrets. */
export interface SpanAttributes {
  'http.request.method'?: string
  'http.route'?: string
  'http.response.status_code'?: number
  'calotype.request_id'?: string
  'calotype.project_id'?: string
  'calotype.image_id'?: string
  'calotype.code'?: string
  'calotype.job'?: string
  'calotype.try'?: number
  'calotype.status'?: string
  'calotype.event'?: string
  'calotype.purpose'?: string
  'calotype.bytes'?: number
  'calotype.messages'?: number
  'calotype.wait_ms'?: number
  'calotype.delivery_id'?: string
}

export interface SpanOptions {
  kind?: 'internal' | 'server' | 'client' | 'producer' | 'consumer'
  attributes?: SpanAttributes
  /** What it continues, by W3C Trace Context; by default what is under way. Null begins anew. */
  parent?: string | null
  /** An image whose upload is traced elsewhere: leads to the trace of its storage event. */
  linkToImage?: string
  /** Begins the trace of the storage event of this image. */
  ofImage?: string
}

export interface Span {
  /** Of the whole trace, 32 hexadecimal digits; null where nothing is traced. */
  readonly traceId: string | null
  set(attributes: SpanAttributes): void
  fail(code: string): void
  end(): void
  /** Work inside belongs to this span. */
  run<T>(work: () => T): T
}

/** Follows work through processes, as spans of a trace. */
export interface Tracer {
  begin(name: string, options?: SpanOptions): Span
  /** What is under way, as W3C Trace Context (`traceparent`), to be continued elsewhere. */
  current(): string | null
  /** Work that was done and timed elsewhere, in milliseconds since 1970: a part of what is under way. */
  record(name: string, times: { startMs: number; endMs: number }, attributes?: SpanAttributes): void
}

export const NO_SPAN: Span = { traceId: null, set: () => {}, fail: () => {}, end: () => {}, run: work => work() }

/** Follows nothing. */
export const NO_TRACER: Tracer = { begin: () => NO_SPAN, current: () => null, record: () => {} }

export const codeOf = (error: unknown): string => (error instanceof DomainError ? error.code : 'internal')

/** The same for what is only a part of something: where nothing is under way it makes no trace of its own. */
export const tracedWithin = <T>(
  tracer: Tracer,
  name: string,
  options: SpanOptions,
  work: (span: Span) => Promise<T>,
): Promise<T> => (tracer.current() === null ? work(NO_SPAN) : traced(tracer, name, options, work))

/** Runs work as a span; an error fails it by its code alone, because messages may quote what was given. */
export async function traced<T>(
  tracer: Tracer,
  name: string,
  options: SpanOptions,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  const span = tracer.begin(name, options)
  try {
    return await span.run(() => work(span))
  } catch (error) {
    span.fail(codeOf(error))
    throw error
  } finally {
    span.end()
  }
}
