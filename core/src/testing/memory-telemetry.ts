import { NO_SPAN, type SpanAttributes, type SpanOptions, type Telemetry } from '../telemetry/index.ts'

export interface MemorySpan {
  name: string
  options: SpanOptions
  attributes: SpanAttributes
  failure: string | null
  ended: boolean
}

export interface MemoryTelemetry extends Telemetry {
  /** Of one counter or histogram: what was added or observed so far, by labels as JSON. */
  totals(name: string): Record<string, number>
  /** What a metric that is looked up says now. */
  read(name: string): Promise<readonly { labels: object; value: number }[]>
  spans: MemorySpan[]
  /** What the tracer says is under way. */
  trace: string | null
}

type Read = () => readonly { labels: object; value: number }[] | Promise<readonly { labels: object; value: number }[]>

/** Telemetry to look at. */
export function createMemoryTelemetry(): MemoryTelemetry {
  const sums = new Map<string, Record<string, number>>()
  const reads = new Map<string, Read>()
  const add = (name: string, labels: object, by: number) => {
    const own = sums.get(name) ?? {}
    const key = JSON.stringify(labels)
    own[key] = (own[key] ?? 0) + by
    sums.set(name, own)
  }
  const memory: MemoryTelemetry = {
    spans: [],
    trace: null,
    totals: name => sums.get(name) ?? {},
    read: async name => (await reads.get(name)?.()) ?? [],
    meters: {
      counter: (name, labels) => ({ add: (by = 1) => add(name, labels, by) }),
      histogram: (name, labels) => ({ observe: value => add(name, labels, value) }),
      report: (name, read) => void reads.set(name, read),
    },
    tracer: {
      current: () => memory.trace,
      record: (name, _times, attributes = {}) =>
        void memory.spans.push({ name, options: {}, attributes, failure: null, ended: true }),
      begin: (name, options = {}) => {
        const span: MemorySpan = { name, options, attributes: { ...options.attributes }, failure: null, ended: false }
        memory.spans.push(span)
        return {
          ...NO_SPAN,
          set: attributes => void Object.assign(span.attributes, attributes),
          fail: code => {
            span.failure = code
          },
          end: () => {
            span.ended = true
          },
        }
      },
    },
  }
  return memory
}
