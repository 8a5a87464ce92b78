import { authorizeEverywhere, forbidden, notFound } from '../access/index.ts'
import { type ChainHead, type ChainReport, checkChain } from '../audit/index.ts'
import type { Context } from '../context.ts'
import type { Database } from '../database.ts'

/**
 * Checks the audit log of the caller's organisation from its first entry to its last. The chain is one of all projects: a credential that
 * is bound to some of them is `forbidden`. Another organisation than the caller's is `not_found`.
 */
export async function verifyAudit(
  deps: { database: Pick<Database, 'audit'> },
  ctx: Context,
  input: { organizationId: string | null; heads: readonly ChainHead[] },
): Promise<ChainReport> {
  const { actor } = ctx
  authorizeEverywhere(actor, 'access.manage')
  if (actor.projectIds !== null) throw forbidden('access.manage')
  if (input.organizationId !== null && input.organizationId !== actor.organizationId) throw notFound()
  return checkChain(deps.database.audit, { organizationId: actor.organizationId, heads: input.heads })
}
