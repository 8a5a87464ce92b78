import type { Clock } from '../clock.ts'
import type { Context } from '../context.ts'
import type { Database } from '../database.ts'
import { noteChange } from '../security/index.ts'
import { requireAnotherOwner } from './change-member.ts'
import { notFound } from './errors.ts'
import { authorizeRole, enterOrganization } from './standing.ts'

type Deps = { database: Database; clock: Clock }

/** Takes somebody out of an organisation; with the own id: leaves it. Invitations that the person made and nobody took are revoked. */
export function removeMember(
  deps: Deps,
  ctx: Context,
  input: { organizationId: string; userId: string },
): Promise<void> {
  const { organizationId, userId } = input
  return deps.database.transaction(async tx => {
    const leaves = ctx.actor.kind === 'user' && ctx.actor.id === userId
    const action = leaves ? null : 'access.manage'
    const { actor } = await enterOrganization(tx, ctx, { organizationId, action, lock: true })
    const membership = await tx.memberships.find(userId, organizationId)
    if (!membership) throw notFound()
    if (!leaves) authorizeRole(actor, membership.role)
    if (membership.role === 'owner') await requireAnotherOwner(tx, organizationId)
    await tx.memberships.remove(organizationId, userId)
    const at = deps.clock.now()
    await tx.invitations.revokeAll(organizationId, { invitedBy: userId }, at)
    const detail = leaves ? `Member ${userId} left.` : `Member ${userId} was removed.`
    await noteChange(tx, ctx, { event: 'member.removed', detail, at, organizationId })
  })
}
