import {
  FINDING_KINDS,
  type Finding,
  type KindCounts,
  MAX_FINDINGS,
  type ReconcileRun,
  type ReconcileStore,
} from '@calotype/core'
import { type Kysely, type Selectable, sql } from 'kysely'
import type { ReconcileFindingTable, ReconcileRunTable } from './care-tables.ts'
import { toJson } from './clean.ts'
import { createReferenceReads } from './reconcile-references.ts'
import type { Tables } from './tables.ts'

const OPEN = ['queued', 'running'] as const

const noCounts = (): KindCounts => ({
  ...{ unreferenced: { found: 0, repaired: 0 }, missing_original: { found: 0, repaired: 0 } },
  ...{ missing_variant: { found: 0, repaired: 0 }, wrong_size: { found: 0, repaired: 0 } },
})

export const createPostgresReconcileStore = (db: Kysely<Tables>): ReconcileStore => ({
  ...createReferenceReads(db),

  async add(run) {
    const added = await db
      .insertInto('reconcile_runs')
      .values({
        ...{ organization_id: run.organizationId, id: run.id, project_id: run.projectId, apply: run.apply },
        ...{ cut_off: run.cutOff, created_at: run.createdAt, counts: toJson(noCounts()) },
        ...{ started_by_kind: run.startedBy.kind, started_by_id: run.startedBy.id },
      })
      .onConflict(conflict => conflict.columns(['organization_id']).where('status', 'in', OPEN).doNothing())
      .returning('id')
      .executeTakeFirst()
    return added !== undefined
  },

  async find(organizationId, runId) {
    const row = await runs(db, organizationId).where('id', '=', runId).executeTakeFirst()
    return row ? toRun(row) : null
  },

  async findActive(organizationId) {
    const row = await runs(db, organizationId).where('status', 'in', OPEN).executeTakeFirst()
    return row ? toRun(row) : null
  },

  begin: (organizationId, runId, at, expectedRows) => begin(db, { organizationId, runId, at, expectedRows }),

  async save({ organizationId, id, attempt }, { objects, rows, position, counts }, findings) {
    const { numUpdatedRows } = await db
      .updateTable('reconcile_runs')
      .set({ objects, rows, position, counts: toJson(counts) })
      .where('organization_id', '=', organizationId)
      .where('id', '=', id)
      .where('attempt', '=', attempt)
      .where('status', '=', 'running')
      .executeTakeFirst()
    if (numUpdatedRows === 0n) return false
    for (const kind of FINDING_KINDS) {
      const some = findings.filter(finding => finding.kind === kind)
      if (some.length > 0) await keepFindings(db, organizationId, id, some)
    }
    return true
  },

  async end(organizationId, runId, at, failure) {
    await db
      .updateTable('reconcile_runs')
      .set({ status: failure === null ? 'done' : 'failed', ended_at: at, failure })
      .where('organization_id', '=', organizationId)
      .where('id', '=', runId)
      .where('status', 'in', OPEN)
      .execute()
  },

  async listFindings(organizationId, runId) {
    const rows = await db
      .selectFrom('reconcile_findings')
      .selectAll()
      .where('organization_id', '=', organizationId)
      .where('run_id', '=', runId)
      .orderBy(sql`array_position(${[...FINDING_KINDS]}::text[], kind)`)
      .orderBy('object_key')
      .execute()
    return rows.map(toFinding)
  },

  async findProjects(projectIds) {
    if (projectIds.length === 0) return new Set()
    const rows = await db
      .selectFrom('projects')
      .select('id')
      .where(eb => eb('id', '=', eb.fn.any(eb.val([...projectIds]))))
      .execute()
    return new Set(rows.map(row => row.id))
  },

  async findInstalled(organizationId) {
    const row = await db
      .selectFrom('organizations')
      .select('installed')
      .where('id', '=', organizationId)
      .executeTakeFirst()
    return row?.installed === true
  },

  async noteHistory({ projectId, imageId }, detail, at) {
    await sql`
      insert into image_history (project_id, image_id, status, at, detail)
      select i.project_id, i.id, i.status, ${at}, ${detail} from images i
      where i.project_id = ${projectId} and i.id = ${imageId} and not exists (
        select from image_history h where h.project_id = i.project_id and h.image_id = i.id and h.detail = ${detail})`.execute(
      db,
    )
  },
})

const runs = (db: Kysely<Tables>, organizationId: string) =>
  db.selectFrom('reconcile_runs').selectAll().where('organization_id', '=', organizationId)

/** One statement, so that a kill leaves either the earlier try or the new one. */
async function begin(
  db: Kysely<Tables>,
  {
    organizationId,
    runId,
    at,
    expectedRows,
  }: { organizationId: string; runId: string; at: Date; expectedRows: number },
): Promise<ReconcileRun | null> {
  const { rows } = await sql<Selectable<ReconcileRunTable>>`
    with begun as (
      update reconcile_runs set status = 'running', attempt = attempt + 1, objects = 0, rows = 0, position = null,
        expected_rows = ${expectedRows}, started_at = coalesce(started_at, ${at}),
        counts = (select jsonb_object_agg(key, jsonb_set(value, '{found}', value->'repaired')) from jsonb_each(counts))
      where organization_id = ${organizationId} and id = ${runId} and status in ('queued', 'running')
      returning *
    ), forgotten as (
      delete from reconcile_findings f using begun
      where f.organization_id = begun.organization_id and f.run_id = begun.id and f.outcome = 'found'
    )
    select * from begun`.execute(db)
  const [row] = rows
  return row ? toRun(row) : null
}

/** The first ones of a kind: what comes after the limit is only counted. */
async function keepFindings(db: Kysely<Tables>, organizationId: string, runId: string, findings: readonly Finding[]) {
  const rows = toJson(findings.map(toColumns))
  await sql`
    insert into reconcile_findings (organization_id, run_id, kind, object_key, project_id, image_id, expected_bytes, actual_bytes, outcome)
    select ${organizationId}, ${runId}, row.* from jsonb_to_recordset(${rows}::jsonb) as row (kind text, object_key text,
      project_id text, image_id text, expected_bytes bigint, actual_bytes bigint, outcome text)
    order by row.object_key
    limit greatest(0, ${MAX_FINDINGS} - (select count(*) from reconcile_findings
      where organization_id = ${organizationId} and run_id = ${runId} and kind = ${findings[0]?.kind ?? ''}))
    on conflict do nothing`.execute(db)
}

const toColumns = (finding: Finding) => ({
  kind: finding.kind,
  object_key: finding.key,
  project_id: finding.projectId ?? '',
  image_id: finding.imageId ?? '',
  expected_bytes: finding.expectedBytes,
  actual_bytes: finding.actualBytes,
  outcome: finding.outcome,
})

const toFinding = (row: Selectable<ReconcileFindingTable>): Finding => ({
  kind: row.kind,
  key: row.object_key,
  projectId: row.project_id === '' ? null : row.project_id,
  imageId: row.image_id === '' ? null : row.image_id,
  expectedBytes: row.expected_bytes,
  actualBytes: row.actual_bytes,
  outcome: row.outcome,
})

const toRun = (row: Selectable<ReconcileRunTable>): ReconcileRun => ({
  id: row.id,
  organizationId: row.organization_id,
  projectId: row.project_id,
  apply: row.apply,
  status: row.status,
  attempt: row.attempt,
  cutOff: row.cut_off,
  objects: row.objects,
  rows: row.rows,
  expectedRows: row.expected_rows,
  position: row.position,
  counts: row.counts,
  startedBy: { kind: row.started_by_kind, id: row.started_by_id },
  createdAt: row.created_at,
  startedAt: row.started_at,
  endedAt: row.ended_at,
  failure: row.failure,
})
