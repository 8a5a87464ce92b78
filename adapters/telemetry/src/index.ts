import type { Tracer } from '@calotype/core'
import { createPassingTracer } from './passing-tracer.ts'
import type { TracingSettings } from './tracing-settings.ts'

export { createPrometheusMeters, type PrometheusMeters } from './prometheus-meters.ts'
export type { TracingSettings } from './tracing-settings.ts'

/** A tracer by these settings; without any, one that only hands on what callers trace, and the SDK is not even loaded. */
export async function openTracer(
  settings: TracingSettings | null,
): Promise<{ tracer: Tracer; close(): Promise<void> }> {
  if (settings === null) return { tracer: createPassingTracer(), close: async () => {} }
  const { createOtelTracer } = await import('./otel-tracer.ts')
  const tracer = createOtelTracer(settings)
  return { tracer, close: () => tracer.close() }
}
