import { type JobHandlers, listAuditHeads, mendImage, runReconcile, sealAudit } from '@calotype/core'
import type { FastifyBaseLogger } from 'fastify'
import type { WorkerDeps } from '../deps.ts'

type CareJobs = Pick<JobHandlers, 'image.mend' | 'care.reconcile' | 'audit.seal' | 'audit.heads'>

/** The jobs that look after storage and the audit log. */
export function careHandlers(deps: WorkerDeps, log: FastifyBaseLogger): CareJobs {
  return {
    'image.mend': async payload => {
      const { requestId: request_id, projectId: project_id, imageId: image_id } = payload
      const mended = await mendImage(deps, payload)
      log.info({ job: 'image.mend', request_id, project_id, image_id, outcome: mended ? 'mended' : 'none' }, 'job')
    },
    'care.reconcile': async (payload, job) => {
      const { requestId: request_id, organizationId: organization_id, runId: run_id } = payload
      const run = await runReconcile(deps, payload, job)
      const facts = run && {
        apply: run.apply,
        outcome: run.status,
        objects: run.objects,
        rows: run.rows,
        ...run.counts,
      }
      log.info({ job: 'care.reconcile', request_id, organization_id, run_id, ...facts }, 'job')
    },
    'audit.seal': async ({ requestId: request_id }) => {
      const sealed = await sealAudit(deps)
      if (sealed > 0) log.info({ job: 'audit.seal', request_id, sealed }, 'job')
    },
    // Kept outside of the database, they show later whether the end of a chain was cut off.
    'audit.heads': async ({ requestId: request_id }) => {
      for await (const { organizationId: organization_id, seq, hash } of listAuditHeads(deps)) {
        log.info({ job: 'audit.heads', request_id, organization_id, seq, hash }, 'head of the audit log')
      }
    },
  }
}
