import { handleReceived, type JobHandlers, processImage, purgeImage, sweep } from '@calotype/core'
import type { FastifyBaseLogger } from 'fastify'
import type { Deps } from '../deps.ts'

/** One function per job; each logs what came of it under the request id that caused it. */
export function createJobHandlers(
  deps: Deps & { pruneEvents(): Promise<number> },
  log: FastifyBaseLogger,
): JobHandlers {
  return {
    'image.process': async (payload, run) => {
      const started = performance.now()
      const facts = {
        job: 'image.process',
        request_id: payload.requestId,
        project_id: payload.projectId,
        image_id: payload.imageId,
        try: run.attempt,
      }
      try {
        const { outcome, timings } = await processImage(deps, payload, run)
        log.info({ ...facts, outcome, duration_ms: Math.round(performance.now() - started), ...timings }, 'job')
      } catch (error) {
        log.warn({ ...facts, outcome: 'tried again', code: codeOf(error) }, 'job')
        throw error
      }
    },
    'image.received': async payload => {
      await handleReceived(deps, payload)
      log.info({ job: 'image.received', request_id: payload.requestId, image_id: payload.imageId }, 'job')
    },
    'image.purge': async payload => {
      await purgeImage(deps, payload)
      log.info({ job: 'image.purge', request_id: payload.requestId, image_id: payload.imageId }, 'job')
    },
    'care.sweep': async payload => {
      const report = await sweep(deps, { requestId: payload.requestId, orphanGraceMs: deps.orphanGraceMs })
      const pruned = await deps.pruneEvents()
      log.info({ job: 'care.sweep', request_id: payload.requestId, ...report, pruned_events: pruned }, 'job')
    },
  }
}

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'internal'
