import {
  deliverMail,
  handleReceived,
  type JobHandlers,
  PROJECT_TOMBSTONE_MS,
  processImage,
  pruneSecurityLog,
  purgeImage,
  purgeTombstones,
  removeOrganization,
  removeProject,
  rescueRemakes,
  settleSlot,
  settleSlotsOf,
  sweep,
  sweepSlots,
  withdrawVariants,
} from '@calotype/core'
import type { FastifyBaseLogger } from 'fastify'
import type { WorkerDeps } from '../deps.ts'
import { careHandlers } from './care-handlers.ts'
import { messageHandlers, sweepMessages } from './message-handlers.ts'
import { noteRefusedImage } from './note-refused-image.ts'
import { remakeHandlers } from './remake-handlers.ts'

/** One function per job; each logs what came of it under the request id that caused it. */
export function createJobHandlers(
  deps: WorkerDeps & { pruneEvents(): Promise<number> },
  log: FastifyBaseLogger,
): JobHandlers {
  return {
    ...careHandlers(deps, log),
    ...messageHandlers(deps, log),
    ...remakeHandlers(deps, log),
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
        await settleSlotsOf(deps, payload)
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
    'tombstones.purge': async payload => {
      await purgeTombstones(deps, payload)
      const { requestId: request_id, projectId: project_id, imageIds } = payload
      log.info({ job: 'tombstones.purge', request_id, project_id, images: imageIds.length }, 'job')
    },
    'tombstones.withdraw': async payload => {
      await withdrawVariants(deps, payload)
      const { requestId: request_id, projectId: project_id, images } = payload
      log.info({ job: 'tombstones.withdraw', request_id, project_id, images: images.length }, 'job')
    },
    'slot.settle': async payload => {
      await settleSlot(deps, payload)
      log.info({ job: 'slot.settle', request_id: payload.requestId, slot_id: payload.slotId }, 'job')
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
      await rescueRemakes(deps, payload)
      const report = await sweep(deps, { requestId: payload.requestId, orphanGraceMs: deps.orphanGraceMs })
      const pruned = { pruned_events: await deps.pruneEvents(), pruned_security: await pruneSecurityLog(deps) }
      const deliveries = { pruned_deliveries: await sweepMessages(deps, payload.requestId) }
      const slots = await sweepSlots(deps, payload.requestId)
      const settled = { settled_slots: slots.settled, forgotten_slots: slots.forgotten }
      await deps.database.projects.forgetRemoved(new Date(deps.clock.now().getTime() - PROJECT_TOMBSTONE_MS))
      log.info(
        { job: 'care.sweep', request_id: payload.requestId, ...report, ...pruned, ...deliveries, ...settled },
        'job',
      )
    },
  }
}

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'internal'
