import { NO_METERS, type Telemetry } from '@calotype/core'
import { createPrometheusMeters, openTracer } from '@calotype/telemetry'
import type { Closers } from '../closers.ts'
import type { Exposition } from '../deps.ts'
import type { TelemetrySettings } from '../telemetry-settings.ts'

/** What this process tells of itself; the exposition is null where nothing is counted. */
export async function openTelemetry(
  settings: TelemetrySettings,
  closers: Closers,
): Promise<{ telemetry: Telemetry; exposition: Exposition | null }> {
  const { tracer, close } = await openTracer(settings.tracing)
  closers.add(close)
  if (!settings.metrics) return { telemetry: { meters: NO_METERS, tracer }, exposition: null }
  const meters = createPrometheusMeters()
  return { telemetry: { meters, tracer }, exposition: { token: settings.metricsToken, expose: () => meters.expose() } }
}
