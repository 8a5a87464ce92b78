import {
  deliverMail,
  handleReceived,
  type JobHandlers,
  PROJECT_TOMBSTONE_MS,
  processImage,
  pruneSecurityLog,
  purgeImage,
  removeOrganization,
  removeProject,
  sweep,
} from '@calotype/core'
import type { FastifyBaseLogger } from 'fastify'
import type { Deps } from '../deps.ts'
import { noteRefusedImage } from './note-refused-image.ts'

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
        if (outcome === 'failed') await noteRefusedImage(deps, payload)
      } catch (error) {
        log.warn({ ...facts, outcome: 'tried again', code: codeOf(error) }, 'job')
        throw error
      }
    },
    'image.received': async payload => {
      try {
        await handleReceived(deps, payload)
      } catch (error) {
        await noteRefusedImage(deps, payload)
        throw error
      }
      log.info({ job: 'image.received', request_id: payload.requestId, image_id: payload.imageId }, 'job')
    },
    'image.purge': async payload => {
      await purgeImage(deps, payload)
      log.info({ job: 'image.purge', request_id: payload.requestId, image_id: payload.imageId }, 'job')
    },
    'project.remove': async payload => {
      await removeProject(deps, payload)
      log.info({ job: 'project.remove', request_id: payload.requestId, project_id: payload.projectId }, 'job')
    },
    'organization.remove': async payload => {
      await removeOrganization(deps, payload)
      const { organizationId: organization_id, requestId: request_id } = payload
      log.info({ job: 'organization.remove', request_id, organization_id }, 'job')
    },
    'mail.send': async payload => {
      const outcome = await deliverMail(deps, payload)
      const { requestId: request_id, mailId: mail_id } = payload
      log[outcome === 'sent' ? 'info' : 'warn']({ job: 'mail.send', request_id, mail_id, outcome }, 'job')
    },
    'care.sweep': async payload => {
      const report = await sweep(deps, { requestId: payload.requestId, orphanGraceMs: deps.orphanGraceMs })
      const pruned = { pruned_events: await deps.pruneEvents(), pruned_security: await pruneSecurityLog(deps) }
      await deps.database.projects.forgetRemoved(new Date(deps.clock.now().getTime() - PROJECT_TOMBSTONE_MS))
      log.info({ job: 'care.sweep', request_id: payload.requestId, ...report, ...pruned }, 'job')
    },
  }
}

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'internal'
