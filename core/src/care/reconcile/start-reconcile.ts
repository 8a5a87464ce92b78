import { authorize, authorizeEverywhere, forbidden, notFound } from '../../access/index.ts'
import { noteAudit } from '../../audit/index.ts'
import type { Clock } from '../../clock.ts'
import type { Context } from '../../context.ts'
import type { Database, Stores } from '../../database.ts'
import { settleOnce } from '../../idempotency/index.ts'
import { newId } from '../../ids.ts'
import { reconcileRunning } from './errors.ts'
import { RECONCILE_GRACE_MS } from './judge.ts'
import type { ReconcileRun } from './reconcile-store.ts'

type Deps = { database: Database; clock: Clock }

export const reconcileKey = (runId: string): string => `care.reconcile:${runId}`

/**
 * Begins to compare storage and records: of one project, or of all that the caller's organisation has. Without `apply` nothing is
 * changed. One run of an organisation at a time; another one is refused with `reconcile_running`.
 */
export async function startReconcile(
  deps: Deps,
  ctx: Context,
  input: { projectId: string | null; apply: boolean },
): Promise<ReconcileRun> {
  const { actor } = ctx
  await checkReach(deps, ctx, input.projectId)
  const { organizationId } = actor
  await endAbandoned(deps, organizationId)
  const at = deps.clock.now()
  const id = newId()
  return deps.database.transaction(async tx => {
    const added = await tx.reconcile.add({
      ...{ id, organizationId, ...input, createdAt: at, cutOff: new Date(at.getTime() - RECONCILE_GRACE_MS) },
      startedBy: { kind: actor.kind, id: actor.id },
    })
    if (!added) throw reconcileRunning((await tx.reconcile.findActive(organizationId))?.id ?? '')
    const payload = { organizationId, runId: id, requestId: ctx.requestId }
    await tx.jobs.enqueue('care.reconcile', payload, { key: reconcileKey(id) })
    if (input.apply) {
      const detail = `Storage is compared and repaired in run ${id}.`
      await noteAudit(tx, ctx, { action: 'storage.repaired', at, detail, projectId: input.projectId, subject: id })
    }
    await settleOnce(tx, ctx, { id })
    return load(tx, organizationId, id)
  })
}

async function checkReach({ database }: Deps, { actor }: Context, projectId: string | null): Promise<void> {
  if (projectId !== null) {
    if (!(await database.projects.find(actor.organizationId, projectId))) throw notFound()
    return authorize(actor, projectId, 'project.manage')
  }
  authorizeEverywhere(actor, 'project.manage')
  if (actor.projectIds !== null) throw forbidden('project.manage')
}

/** A run whose job was given up, or was lost with its worker, keeps nobody from beginning another one. */
async function endAbandoned({ database, clock }: Deps, organizationId: string): Promise<void> {
  const active = await database.reconcile.findActive(organizationId)
  if (!active) return
  const job = await database.jobs.find(reconcileKey(active.id))
  if (job && job.state !== 'given_up') return
  await database.reconcile.end(organizationId, active.id, clock.now(), 'The job that did this was given up.')
}

async function load(tx: Pick<Stores, 'reconcile'>, organizationId: string, id: string): Promise<ReconcileRun> {
  const run = await tx.reconcile.find(organizationId, id)
  if (!run) throw notFound()
  return run
}
