import type { Clock } from '../clock.ts'
import type { Context } from '../context.ts'
import type { Database, Stores } from '../database.ts'
import { noteChange } from '../security/index.ts'
import { lastOwner, notFound } from './errors.ts'
import type { Member } from './membership-store.ts'
import type { Role } from './permissions.ts'
import { authorizeRole, enterOrganization } from './standing.ts'

type Deps = { database: Database; clock: Clock }

/** Gives a member another role. Owners are made and unmade by owners alone, and one always stays. */
export function changeMember(
  deps: Deps,
  ctx: Context,
  input: { organizationId: string; userId: string; role: Role },
): Promise<Member> {
  const { organizationId, userId, role } = input
  return deps.database.transaction(async tx => {
    const { actor } = await enterOrganization(tx, ctx, { organizationId, action: 'access.manage', lock: true })
    const member = await tx.memberships.findMember(organizationId, userId)
    if (!member) throw notFound()
    authorizeRole(actor, member.role)
    authorizeRole(actor, role)
    if (member.role === role) return member
    if (member.role === 'owner') await requireAnotherOwner(tx, organizationId)
    await tx.memberships.setRole(organizationId, userId, role)
    const detail = `Member ${userId} was made ${role}, having been ${member.role}.`
    await noteChange(tx, ctx, { event: 'member.changed', detail, at: deps.clock.now(), organizationId })
    return { ...member, role }
  })
}

/** Safe only while the organisation's row is held: two owners who leave at once would each see the other. */
export async function requireAnotherOwner(tx: Pick<Stores, 'memberships'>, organizationId: string): Promise<void> {
  if ((await tx.memberships.findOwnerCount(organizationId)) < 2) throw lastOwner()
}
