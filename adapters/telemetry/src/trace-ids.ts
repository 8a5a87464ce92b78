import { type IdGenerator, RandomIdGenerator } from '@opentelemetry/sdk-trace-node'

export interface TraceIds extends IdGenerator {
  /** The next trace gets this id. */
  next(traceId: string): void
}

/** Random ids, except where a trace has to have one that others know already. */
export function createTraceIds(): TraceIds {
  const random = new RandomIdGenerator()
  let wanted: string | null = null
  return {
    next: traceId => {
      wanted = traceId
    },
    generateTraceId: () => {
      const traceId = wanted ?? random.generateTraceId()
      wanted = null
      return traceId
    },
    generateSpanId: () => random.generateSpanId(),
  }
}
