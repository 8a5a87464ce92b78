import { setTimeout as sleep } from 'node:timers/promises'
import { advanceRemake, importImageBytes, type JobHandlers, remakeImage, retireVariants } from '@calotype/core'
import type { FastifyBaseLogger } from 'fastify'
import type { WorkerDeps } from '../deps.ts'

type RemakeJobs = Pick<JobHandlers, 'image.import' | 'image.remake' | 'remake.advance' | 'remake.retire'>

/** The jobs that fetch images from URLs and remake variants. No URL is logged: it may carry a secret. */
export function remakeHandlers(deps: WorkerDeps, log: FastifyBaseLogger): RemakeJobs {
  const pause = (ms: number) => sleep(ms, undefined, { signal: deps.stopping })
  return {
    'image.import': async (payload, run) => {
      const { requestId: request_id, projectId: project_id, imageId: image_id } = payload
      const { outcome } = await importImageBytes({ ...deps, pause }, payload, run)
      log.info({ job: 'image.import', request_id, project_id, image_id, try: run.attempt, outcome }, 'job')
    },
    'image.remake': async (payload, run) => {
      const { requestId: request_id, projectId: project_id, imageId: image_id, runId: run_id } = payload
      const { outcome } = await remakeImage(deps, payload, run)
      log.info({ job: 'image.remake', request_id, project_id, image_id, run_id, try: run.attempt, outcome }, 'job')
    },
    'remake.advance': payload => advanceRemake(deps, payload),
    'remake.retire': async payload => {
      await retireVariants(deps, payload)
      const { requestId: request_id, projectId: project_id, imageId: image_id, objectKeys } = payload
      log.info({ job: 'remake.retire', request_id, project_id, image_id, objects: objectKeys.length }, 'job')
    },
  }
}
