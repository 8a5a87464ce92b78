import { type Meters, NO_METERS } from './meters.ts'
import { NO_TRACER, type Tracer } from './tracer.ts'

/** What a process tells of itself. */
export interface Telemetry {
  meters: Meters
  tracer: Tracer
}

export const NO_TELEMETRY: Telemetry = { meters: NO_METERS, tracer: NO_TRACER }
