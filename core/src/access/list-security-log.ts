import type { Context } from '../context.ts'
import type { Database } from '../database.ts'
import { DomainError } from '../errors.ts'
import { isId } from '../ids.ts'
import type { SecurityEntry, SecurityEvent } from '../security/index.ts'
import { authorizeEverywhere } from './authorize.ts'
import { notFound } from './errors.ts'

const invalidCursor = (): DomainError =>
  new DomainError('invalid', 'invalid_cursor', 'This cursor is not one that a list answered.', { reason: 'cursor' })

/**
 * A page of the security log, newest first, for those who manage access. A credential that is bound to projects sees the entries of
 * these alone. Rejects with `forbidden`, `not_found` (a project out of reach) or `invalid_cursor`.
 */
export async function listSecurityLog(
  deps: { database: Pick<Database, 'securityLog' | 'projects'> },
  ctx: Context,
  input: { event: SecurityEvent | null; projectId: string | null; cursor: string | null; limit: number },
): Promise<{ items: readonly SecurityEntry[]; nextCursor: string | null }> {
  const { actor } = ctx
  authorizeEverywhere(actor, 'access.manage')
  if (input.cursor !== null && !isId(input.cursor)) throw invalidCursor()
  const { event, projectId, cursor, limit } = input
  if (projectId !== null && actor.projectIds !== null && !actor.projectIds.includes(projectId)) throw notFound()
  const found = await deps.database.securityLog.list({
    organizationId: actor.organizationId,
    projectIds: projectId === null ? actor.projectIds : [projectId],
    event,
    before: cursor,
    limit: limit + 1,
  })
  const items = found.slice(0, limit)
  return { items, nextCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null }
}
