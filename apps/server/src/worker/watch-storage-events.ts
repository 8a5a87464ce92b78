import { newId, type Telemetry, traced } from '@calotype/core'
import { runWork, workOf } from '../work-context.ts'

type Outcome = 'done' | 'retry'

/**
 * Counts events of the storage and begins their traces. An event brings no context along: the trace that signed the upload's URL points to
 * the one that begins here.
 */
export function watchStorageEvents(
  { meters, tracer }: Telemetry,
  handle: (event: { imageId: string; requestId: string }) => Promise<Outcome>,
): (event: { imageId: string }) => Promise<Outcome> {
  return async ({ imageId }) => {
    const requestId = newId()
    const attributes = { 'calotype.image_id': imageId, 'calotype.request_id': requestId }
    const options = { kind: 'consumer' as const, ofImage: imageId, attributes }
    const outcome = await traced(tracer, 'storage event', options, span =>
      runWork(workOf(requestId, span.traceId), () => handle({ imageId, requestId })),
    )
    meters.counter('calotype_storage_events_total', { outcome }).add()
    return outcome
  }
}
