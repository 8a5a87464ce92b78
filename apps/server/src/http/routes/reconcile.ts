import { ImageIdParams, ReconcileQuery, ReconcileReport, ReconcileRequest } from '@calotype/contract'
import {
  createdId,
  describeFinding,
  describeRun,
  type Finding,
  getReconcile,
  type ReconcileRun,
  runOnce,
  startReconcile,
} from '@calotype/core'
import type { Deps } from '../../deps.ts'
import type { App } from '../app.ts'
import { contextOf } from '../authentication.ts'
import { chooseReach } from '../choose-reach.ts'
import { withProblems } from '../route-schema.ts'

/** `POST /reconcile` and `GET /reconcile/{id}`: storage against records, both ways. */
export function reconcile(app: App, deps: Deps): void {
  const startSchema = {
    summary: 'Compare storage and records',
    description:
      'Begins a comparison in the background: objects that nothing refers to, records whose object is missing or has another size, nothing younger than 24 hours. Nothing is changed unless `apply` is true.',
    tags: ['care'],
    'x-permission': 'project.manage' as const,
    body: ReconcileRequest,
    response: withProblems({ 202: ReconcileReport }, [400, 403, 409]),
  }
  app.post('/reconcile', { config: { idempotent: true }, schema: startSchema }, async (request, reply) => {
    const ctx = contextOf(request)
    const { apply } = request.body
    const run = await runOnce(deps, ctx, request.body, {
      run: async once => startReconcile(deps, once, { projectId: await chooseReach(deps, ctx, request.body), apply }),
      repeat: async made => {
        const { run: known } = await getReconcile(deps, ctx, { runId: createdId(made), withFindings: false })
        return known
      },
    })
    return reply.code(202).send(present(run, []))
  })

  const getSchema = {
    summary: 'Read a comparison of storage and records',
    description: 'Progress, counts, and the first 1,000 findings of each kind.',
    tags: ['care'],
    'x-permission': 'project.manage' as const,
    params: ImageIdParams,
    querystring: ReconcileQuery,
    response: withProblems({ 200: ReconcileReport }, [400, 403]),
  }
  app.get('/reconcile/:id', { schema: getSchema }, async request => {
    const input = { runId: request.params.id, withFindings: request.query.findings === 'all' }
    const { run, findings } = await getReconcile(deps, contextOf(request), input)
    return present(run, findings)
  })
}

const present = (run: ReconcileRun, findings: readonly Finding[]): ReconcileReport => ({
  id: run.id,
  project_id: run.projectId,
  apply: run.apply,
  status: run.status,
  summary: describeRun(run),
  cut_off: run.cutOff.toISOString(),
  progress: { objects: run.objects, rows: run.rows, expected_rows: run.expectedRows, position: run.position },
  counts: run.counts,
  findings: findings.map(finding => ({
    kind: finding.kind,
    key: finding.key,
    project_id: finding.projectId,
    image_id: finding.imageId,
    expected_bytes: finding.expectedBytes,
    actual_bytes: finding.actualBytes,
    outcome: finding.outcome,
    detail: describeFinding(finding),
  })),
  failure: run.failure,
  created_at: run.createdAt.toISOString(),
  started_at: run.startedAt?.toISOString() ?? null,
  ended_at: run.endedAt?.toISOString() ?? null,
})
