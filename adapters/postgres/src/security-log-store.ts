import type { SecurityEntry, SecurityLogQuery, SecurityLogStore } from '@calotype/core'
import { type Kysely, type Selectable, sql } from 'kysely'
import { toJson } from './clean.ts'
import type { SecurityLogTable, Tables } from './tables.ts'

const ROWS_PER_INSERT = 1_000
const ROWS_PER_DELETE = 10_000

export const createPostgresSecurityLogStore = (db: Kysely<Tables>): SecurityLogStore => ({
  async save(entries) {
    for (let start = 0; start < entries.length; start += ROWS_PER_INSERT) {
      await save(db, entries.slice(start, start + ROWS_PER_INSERT))
    }
  },

  async findConcerned(trace) {
    if ('projectId' in trace) {
      const project = await db
        .selectFrom('projects')
        .select('organization_id')
        .where('id', '=', trace.projectId)
        .executeTakeFirst()
      return project ? { organizationId: project.organization_id, actor: null } : null
    }
    const key = await db
      .selectFrom('api_keys')
      .select(['organization_id', 'kind', 'id'])
      .where('key_hash', '=', trace.keyHash)
      .executeTakeFirst()
    return key ? { organizationId: key.organization_id, actor: { kind: key.kind, id: key.id } } : null
  },

  async list(query) {
    return (await select(db, query).execute()).map(toEntry)
  },

  async prune(before) {
    let removed = 0
    for (;;) {
      const { numAffectedRows } = await sql`
        delete from security_log where ctid = any(array(
          select ctid from security_log where at < ${before} order by at limit ${ROWS_PER_DELETE}
        ))`.execute(db)
      const count = Number(numAffectedRows ?? 0n)
      removed += count
      if (count < ROWS_PER_DELETE) return removed
    }
  },
})

/** One statement for all of them. Organisations that were deleted meanwhile take nothing, instead of failing the others. */
async function save(db: Kysely<Tables>, entries: readonly SecurityEntry[]): Promise<void> {
  const rows = toJson(entries.map(toColumns))
  await sql`
    insert into security_log (organization_id, id, at, event, actor_kind, actor_id, ip, project_id, code, detail, request_id, count)
    select row.* from jsonb_to_recordset(${rows}::jsonb) as row (organization_id text, id text, at timestamptz, event text,
      actor_kind text, actor_id text, ip text, project_id text, code text, detail text, request_id text, count integer)
    where exists (select from organizations where organizations.id = row.organization_id for key share)
    on conflict (organization_id, id) do update set count = greatest(security_log.count, excluded.count)`.execute(db)
}

const toColumns = (entry: SecurityEntry) => ({
  organization_id: entry.organizationId,
  id: entry.id,
  at: entry.at.toISOString(),
  event: entry.event,
  actor_kind: entry.actor?.kind ?? null,
  actor_id: entry.actor?.id ?? null,
  ip: entry.ip,
  project_id: entry.projectId,
  code: entry.code,
  detail: entry.detail,
  request_id: entry.requestId,
  count: entry.count,
})

function select(db: Kysely<Tables>, query: SecurityLogQuery) {
  let rows = db.selectFrom('security_log').selectAll().where('organization_id', '=', query.organizationId)
  const { projectIds, event, before } = query
  if (projectIds !== null) rows = rows.where(eb => eb('project_id', '=', eb.fn.any(eb.val([...projectIds]))))
  if (event !== null) rows = rows.where('event', '=', event)
  if (before !== null) rows = rows.where('id', '<', before)
  return rows.orderBy('id', 'desc').limit(query.limit)
}

const toEntry = (row: Selectable<SecurityLogTable>): SecurityEntry => ({
  id: row.id,
  organizationId: row.organization_id,
  at: row.at,
  event: row.event,
  actor: row.actor_kind === null || row.actor_id === null ? null : { kind: row.actor_kind, id: row.actor_id },
  ip: row.ip,
  projectId: row.project_id,
  code: row.code,
  detail: row.detail,
  requestId: row.request_id,
  count: row.count,
})
