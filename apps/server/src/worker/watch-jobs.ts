import { type AroundJob, newId, type Telemetry, traced } from '@calotype/core'
import { runWork, workOf } from '../work-context.ts'

/** Counts and times runs of jobs, goes on with the trace that made each, and lets all of its log lines say so. */
export function watchJobs({ meters, tracer }: Telemetry): AroundJob {
  return async ({ name: job, payload, run }, work) => {
    const started = performance.now()
    const waitMs = run.dueAt === undefined ? 0 : Math.max(0, Date.now() - run.dueAt.getTime())
    const requestId = textOf(payload, 'requestId') ?? newId()
    meters.histogram('calotype_job_wait_seconds', { job }).observe(waitMs / 1000)
    let outcome: 'done' | 'failed' = 'failed'
    try {
      const attributes = {
        ...{ 'calotype.job': job, 'calotype.try': run.attempt, 'calotype.wait_ms': waitMs },
        ...{ 'calotype.request_id': requestId, ...idsOf(payload) },
      }
      await traced(tracer, `job ${job}`, { kind: 'consumer', parent: run.trace ?? null, attributes }, span =>
        runWork(workOf(requestId, span.traceId), work),
      )
      outcome = 'done'
    } finally {
      meters.counter('calotype_job_runs_total', { job, outcome }).add()
      meters.histogram('calotype_job_duration_seconds', { job }).observe((performance.now() - started) / 1000)
    }
  }
}

function idsOf(payload: object) {
  const [projectId, imageId] = [textOf(payload, 'projectId'), textOf(payload, 'imageId')]
  return {
    ...(projectId === null ? {} : { 'calotype.project_id': projectId }),
    ...(imageId === null ? {} : { 'calotype.image_id': imageId }),
  }
}

function textOf(payload: object, name: string): string | null {
  const value: unknown = Reflect.get(payload, name)
  return typeof value === 'string' ? value : null
}
