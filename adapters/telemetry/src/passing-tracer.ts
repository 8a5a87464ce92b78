import { AsyncLocalStorage } from 'node:async_hooks'
import { NO_SPAN, type Span, type Tracer } from '@calotype/core'
import { parseTraceparent } from './trace-context.ts'

/** Makes no spans of its own, but hands on what callers trace: into logs, jobs and calls to others. Loads no SDK. */
export function createPassingTracer(): Tracer {
  const scope = new AsyncLocalStorage<string>()
  const passing = (traceparent: string): Span => ({
    ...NO_SPAN,
    traceId: parseTraceparent(traceparent)?.traceId ?? null,
    run: work => scope.run(traceparent, work),
  })
  return {
    begin: (_name, { parent } = {}) => (parent && parseTraceparent(parent) ? passing(parent) : NO_SPAN),
    current: () => scope.getStore() ?? null,
    record: () => {},
  }
}
