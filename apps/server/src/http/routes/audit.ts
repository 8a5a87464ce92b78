import {
  AuditLog,
  AuditQuery,
  AuditReport,
  AuditVerifyQuery,
  MAX_AUDIT_HEADS,
  type AuditEntry as WireEntry,
} from '@calotype/contract'
import { type AuditEntry, type ChainHead, DomainError, listAudit, type Seal, verifyAudit } from '@calotype/core'
import type { Deps } from '../../deps.ts'
import type { App } from '../app.ts'
import { contextOf } from '../authentication.ts'
import { withProblems } from '../route-schema.ts'

const tags = ['care']

/** `GET /audit` and `GET /audit/verify`: who did what, and whether that was changed afterwards, for owners and admins. */
export function audit(app: App, deps: Deps): void {
  const listSchema = {
    summary: 'Read the audit log',
    description:
      'Who deleted, restored, replaced, downloaded originals and changed access, newest first. Nobody can change it.',
    tags,
    'x-permission': 'access.manage' as const,
    querystring: AuditQuery,
    response: withProblems({ 200: AuditLog }, [400, 403]),
  }
  app.get('/audit', { schema: listSchema }, async request => {
    const { action, actor_id, subject, project_id, cursor, limit } = request.query
    const { items, nextCursor } = await listAudit(deps, contextOf(request), {
      ...{ action: action ?? null, actorId: actor_id ?? null, subject: subject ?? null },
      ...{ projectId: project_id ?? null, cursor: cursor ?? null, limit },
    })
    return { items: items.map(presentEntry), next_cursor: nextCursor }
  })

  const verifySchema = {
    summary: 'Check the audit log',
    description:
      'Computes every hash of the chain again and tells of entries that are missing, altered, put in or moved. With heads that were kept elsewhere also whether the end was cut off.',
    tags,
    'x-permission': 'access.manage' as const,
    querystring: AuditVerifyQuery,
    response: withProblems({ 200: AuditReport }, [400, 403]),
  }
  app.get('/audit/verify', { schema: verifySchema }, async request => {
    const { organization_id, head } = request.query
    const input = { organizationId: organization_id ?? null, heads: readHeads(head) }
    const { entries, unsealed, problemCount, problems, ...report } = await verifyAudit(deps, contextOf(request), input)
    const counts = { entries, unsealed, problem_count: problemCount }
    return { ok: problemCount === 0, ...counts, head: report.head, problems: [...problems] }
  })
}

function readHeads(text: string | undefined): ChainHead[] {
  const parts = text === undefined || text === '' ? [] : text.split(',')
  if (parts.length > MAX_AUDIT_HEADS) throw badHead()
  return parts.map(part => {
    const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(part.trim()) ?? []
    if (seq === undefined || hash === undefined || Number(seq) === 0) throw badHead()
    return { seq: Number(seq), hash }
  })
}

const badHead = (): DomainError =>
  new DomainError(
    'invalid',
    'invalid_request',
    'A head is `seq:hash`: a number from 1 and 64 lower-case hex digits. Several are separated by commas.',
    { reason: 'head', limit: MAX_AUDIT_HEADS },
  )

const presentEntry = (entry: AuditEntry & { seal: Seal | null }): WireEntry => ({
  id: entry.id,
  at: entry.at.toISOString(),
  action: entry.action,
  actor: entry.actor,
  project_id: entry.projectId,
  subject: entry.subject,
  detail: entry.detail,
  ip: entry.ip,
  request_id: entry.requestId,
  seal: entry.seal && { seq: entry.seal.seq, prev_hash: entry.seal.prevHash, hash: entry.seal.hash },
})
