import { type AuditEntry, type AuditQuery, type AuditStore, NO_HASH, type Seal } from '@calotype/core'
import { type Kysely, type Selectable, sql } from 'kysely'
import type { AuditEntryTable } from './care-tables.ts'
import { toJson } from './clean.ts'
import type { Tables } from './tables.ts'

const ROWS_PER_INSERT = 1_000

export const createPostgresAuditStore = (db: Kysely<Tables>): AuditStore => ({
  async add(entries) {
    for (let start = 0; start < entries.length; start += ROWS_PER_INSERT) {
      await add(db, entries.slice(start, start + ROWS_PER_INSERT))
    }
  },

  async list(query) {
    return (await select(db, query).execute()).map(row => ({ ...toEntry(row), seal: toSeal(row) }))
  },

  async findUnsealed(limit) {
    const rows = await db
      .selectFrom('audit_entries')
      .select('organization_id')
      .distinct()
      .where('seq', 'is', null)
      .orderBy('organization_id')
      .limit(limit)
      .execute()
    return rows.map(row => row.organization_id)
  },

  async lockHead(organizationId) {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`audit ${organizationId}`}, 0))`.execute(db)
    const row = await sealed(db, organizationId).orderBy('seq', 'desc').limit(1).executeTakeFirst()
    return { seq: row?.seq ?? 0, hash: row?.hash ?? NO_HASH }
  },

  async listUnsealed(organizationId, limit) {
    const rows = await db
      .selectFrom('audit_entries')
      .selectAll()
      .where('organization_id', '=', organizationId)
      .where('seq', 'is', null)
      .orderBy('id')
      .limit(limit)
      .execute()
    return rows.map(toEntry)
  },

  seal: (organizationId, seals) => seal(db, organizationId, seals),

  async countUnsealed(organizationId) {
    const row = await db
      .selectFrom('audit_entries')
      .select(eb => eb.fn.countAll<number>().as('count'))
      .where('organization_id', '=', organizationId)
      .where('seq', 'is', null)
      .executeTakeFirstOrThrow()
    return Number(row.count)
  },

  async listSealed({ organizationId, afterSeq, limit }) {
    const rows = await sealed(db, organizationId).where('seq', '>', afterSeq).orderBy('seq').limit(limit).execute()
    return rows.flatMap(row => {
      const at = toSeal(row)
      return at ? [{ ...toEntry(row), ...at }] : []
    })
  },

  async listHeads({ after, limit }) {
    const { rows } = await sql<{ id: string; seq: number; hash: string }>`
      select o.id, head.seq, head.hash from organizations o
      cross join lateral (select seq, hash from audit_entries a
        where a.organization_id = o.id and a.seq is not null order by a.seq desc limit 1) as head
      where o.id > ${after} order by o.id limit ${limit}`.execute(db)
    return rows.map(({ id, seq, hash }) => ({ organizationId: id, seq: Number(seq), hash }))
  },
})

/** One statement for all of them; organisations that are gone take nothing. */
async function add(db: Kysely<Tables>, entries: readonly AuditEntry[]): Promise<void> {
  const rows = toJson(entries.map(toColumns))
  await sql`
    insert into audit_entries (organization_id, id, at, action, actor_kind, actor_id, project_id, subject, detail, ip, request_id)
    select row.* from jsonb_to_recordset(${rows}::jsonb) as row (organization_id text, id text, at timestamptz, action text,
      actor_kind text, actor_id text, project_id text, subject text, detail text, ip text, request_id text)
    where exists (select from organizations where organizations.id = row.organization_id for key share)`.execute(db)
}

const toColumns = (entry: AuditEntry) => ({
  organization_id: entry.organizationId,
  id: entry.id,
  at: entry.at.toISOString(),
  action: entry.action,
  actor_kind: entry.actor.kind,
  actor_id: entry.actor.id,
  project_id: entry.projectId,
  subject: entry.subject,
  detail: entry.detail,
  ip: entry.ip,
  request_id: entry.requestId,
})

/** All or none: an entry that has a seal already, or is not there, undoes the transaction. */
async function seal(db: Kysely<Tables>, organizationId: string, seals: ReadonlyArray<Seal & { id: string }>) {
  const rows = toJson(seals.map(({ id, seq, prevHash, hash }) => ({ id, seq, prev_hash: prevHash, hash })))
  const { numAffectedRows } = await sql`
    update audit_entries set seq = row.seq, prev_hash = row.prev_hash, hash = row.hash
    from jsonb_to_recordset(${rows}::jsonb) as row (id text, seq bigint, prev_hash text, hash text)
    where audit_entries.organization_id = ${organizationId} and audit_entries.id = row.id collate "C"
      and audit_entries.seq is null`.execute(db)
  if (Number(numAffectedRows ?? 0n) !== seals.length) throw new Error('Only an entry that waits can be sealed')
}

const sealed = (db: Kysely<Tables>, organizationId: string) =>
  db.selectFrom('audit_entries').selectAll().where('organization_id', '=', organizationId).where('seq', 'is not', null)

function select(db: Kysely<Tables>, query: AuditQuery) {
  let rows = db.selectFrom('audit_entries').selectAll().where('organization_id', '=', query.organizationId)
  const { projectIds, action, actorId, subject, before } = query
  if (projectIds !== null) rows = rows.where(eb => eb('project_id', '=', eb.fn.any(eb.val([...projectIds]))))
  if (action !== null) rows = rows.where('action', '=', action)
  if (actorId !== null) rows = rows.where('actor_id', '=', actorId)
  if (subject !== null) rows = rows.where('subject', '=', subject)
  if (before !== null) rows = rows.where('id', '<', before)
  return rows.orderBy('id', 'desc').limit(query.limit)
}

const toEntry = (row: Selectable<AuditEntryTable>): AuditEntry => ({
  organizationId: row.organization_id,
  id: row.id,
  at: row.at,
  action: row.action,
  actor: { kind: row.actor_kind, id: row.actor_id },
  projectId: row.project_id,
  subject: row.subject,
  detail: row.detail,
  ip: row.ip,
  requestId: row.request_id,
})

const toSeal = ({ seq, prev_hash: prevHash, hash }: Selectable<AuditEntryTable>): Seal | null =>
  seq === null || prevHash === null || hash === null ? null : { seq, prevHash, hash }
