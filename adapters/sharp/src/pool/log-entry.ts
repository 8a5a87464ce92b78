/** What operators hear of the engine processes. Never anything of an image. */
export interface EngineLogEntry {
  level: 'debug' | 'info' | 'warn' | 'error'
  event: 'engine.rendered' | 'engine.started' | 'engine.gone' | 'engine.retired' | 'engine.job_lost' | 'engine.defect'
  pid?: number | undefined
  reason?: string
  wall_ms?: number
}
