import type { Clock } from '../clock.ts'
import type { Context } from '../context.ts'
import type { Database } from '../database.ts'
import { notFound } from './errors.ts'
import { enterOrganization } from './standing.ts'

/** Takes an invitation back. One that was answered or has gone already stays as it is. */
export function revokeInvitation(
  deps: { database: Database; clock: Clock },
  ctx: Context,
  input: { organizationId: string; invitationId: string },
): Promise<void> {
  const { organizationId, invitationId } = input
  return deps.database.transaction(async tx => {
    await enterOrganization(tx, ctx, { organizationId, action: 'access.manage', lock: true })
    if (!(await tx.invitations.find(organizationId, invitationId))) throw notFound()
    await tx.invitations.revoke(organizationId, invitationId, deps.clock.now())
  })
}
