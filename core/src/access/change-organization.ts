import type { Context } from '../context.ts'
import type { Database } from '../database.ts'
import type { OwnOrganization } from './get-organization.ts'
import { enterOrganization } from './standing.ts'

/** Renames an organisation. */
export function changeOrganization(
  deps: { database: Database },
  ctx: Context,
  input: { organizationId: string; name: string },
): Promise<OwnOrganization> {
  const { organizationId, name } = input
  return deps.database.transaction(async tx => {
    const entered = await enterOrganization(tx, ctx, { organizationId, action: 'access.manage', lock: true })
    await tx.organizations.rename(organizationId, name)
    return { organization: { ...entered.organization, name }, role: entered.actor.role }
  })
}
