import { DomainError } from '../errors.ts'
import type { ImageProcessor, RenderResult } from '../rendering/index.ts'
import type { Meters } from './meters.ts'
import type { LabelsOf } from './metrics.ts'
import type { Telemetry } from './telemetry.ts'
import { traced } from './tracer.ts'

type Outcome = LabelsOf<'calotype_engine_renders_total'>['outcome']

/** An engine whose runs are counted, timed and traced, step by step as the engine process timed them. */
export function watchProcessor(processor: ImageProcessor, { meters, tracer }: Telemetry): ImageProcessor {
  const one = (read: () => number) => () => [{ labels: {}, value: read() }]
  meters.report(
    'calotype_engine_processes',
    one(() => processor.health().processes),
  )
  meters.report(
    'calotype_engine_busy',
    one(() => processor.health().busy),
  )
  meters.report(
    'calotype_engine_queued',
    one(() => processor.health().queued),
  )
  return {
    version: processor.version,
    health: () => processor.health(),
    close: () => processor.close(),
    render: request =>
      traced(tracer, 'engine render', {}, async () => {
        try {
          const result = await processor.render(request)
          countRender(meters, result)
          for (const { step, ...times } of result.steps) tracer.record(`engine ${step}`, times)
          return result
        } catch (error) {
          meters.counter('calotype_engine_renders_total', { outcome: outcomeOf(error) }).add()
          throw error
        }
      }),
  }
}

function outcomeOf(error: unknown): Outcome {
  if (!(error instanceof DomainError)) return 'failed'
  if (error.kind === 'processing') return 'lost'
  return error.kind === 'overloaded' ? 'overloaded' : 'refused'
}

function countRender(meters: Meters, { timings, steps, variants }: RenderResult): void {
  meters.counter('calotype_engine_renders_total', { outcome: 'done' }).add()
  meters.counter('calotype_engine_cpu_seconds_total', {}).add(timings.cpu_ms / 1000)
  meters.histogram('calotype_engine_render_seconds', {}).observe(timings.wall_ms / 1000)
  meters.histogram('calotype_engine_wait_seconds', {}).observe(timings.queue_ms / 1000)
  for (const { step, startMs, endMs } of steps)
    meters.histogram('calotype_engine_step_seconds', { step }).observe((endMs - startMs) / 1000)
  for (const { format, encoding } of variants) {
    meters.counter('calotype_engine_encodes_total', { format }).add(encoding.encodes)
    meters.counter('calotype_engine_probes_total', { format }).add(encoding.probes)
  }
}
