import { authorizeEverywhere, notFound, type Page, type PageInput, readPage } from '../access/index.ts'
import type { AuditAction, AuditEntry, Seal } from '../audit/index.ts'
import type { Context } from '../context.ts'
import type { Database } from '../database.ts'

export interface AuditListInput extends PageInput {
  action: AuditAction | null
  actorId: string | null
  subject: string | null
  projectId: string | null
}

/**
 * A page of the audit log, newest first, for those who manage access. A credential that is bound to projects sees the entries of these
 * alone. Rejects with `forbidden`, `not_found` (a project out of reach) or `invalid_cursor`.
 */
export async function listAudit(
  deps: { database: Pick<Database, 'audit'> },
  ctx: Context,
  input: AuditListInput,
): Promise<Page<AuditEntry & { seal: Seal | null }>> {
  const { actor } = ctx
  authorizeEverywhere(actor, 'access.manage')
  const { projectId, action, actorId, subject } = input
  if (projectId !== null && actor.projectIds !== null && !actor.projectIds.includes(projectId)) throw notFound()
  const projectIds = projectId === null ? actor.projectIds : [projectId]
  return readPage(input, page =>
    deps.database.audit.list({
      organizationId: actor.organizationId,
      ...{ projectIds, action, actorId, subject },
      ...page,
    }),
  )
}
