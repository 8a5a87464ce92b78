/** What operators hear of the engine processes. Never anything of an image. */
export interface EngineLogEntry {
  level: 'info' | 'warn' | 'error'
  event: 'engine.started' | 'engine.gone' | 'engine.retired' | 'engine.job_lost' | 'engine.defect'
  pid?: number | undefined
  reason?: string
}
