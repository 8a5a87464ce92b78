import { authorize, authorizeEverywhere, notFound } from '../../access/index.ts'
import type { Context } from '../../context.ts'
import type { Database } from '../../database.ts'
import type { Finding, ReconcileRun } from './reconcile-store.ts'

/** How a run stands, and the findings that were kept, if they are wanted. Rejects with `not_found` for what the caller cannot reach. */
export async function getReconcile(
  deps: { database: Pick<Database, 'reconcile'> },
  ctx: Context,
  input: { runId: string; withFindings: boolean },
): Promise<{ run: ReconcileRun; findings: readonly Finding[] }> {
  const { actor } = ctx
  const run = await deps.database.reconcile.find(actor.organizationId, input.runId)
  if (!run) throw notFound()
  if (run.projectId !== null) authorize(actor, run.projectId, 'project.manage')
  else {
    if (actor.projectIds !== null) throw notFound()
    authorizeEverywhere(actor, 'project.manage')
  }
  const findings = input.withFindings ? await deps.database.reconcile.listFindings(run.organizationId, run.id) : []
  return { run, findings }
}
