import type { Clock } from '../clock.ts'
import type { Database } from '../database.ts'
import { deleteOrganization } from './delete-organization.ts'
import { lastOwner } from './errors.ts'
import type { Membership } from './membership-store.ts'
import { removeMember } from './remove-member.ts'
import type { PersonContext } from './standing.ts'

type Deps = { database: Database; clock: Clock }

/**
 * Takes somebody out of every organisation, before their account ends: one where they are alone is deleted with all that it holds. Rejects
 * with `last_owner`, having changed nothing, while others depend on them as the only owner. Killed half-way, the next try goes on.
 */
export async function leaveOrganizations(deps: Deps, by: PersonContext): Promise<void> {
  const all = await deps.database.memberships.listByUser(by.userId)
  const alone: Membership[] = []
  const among: Membership[] = []
  for (const { membership } of all) {
    const { organizationId, role } = membership
    const members = await deps.database.memberships.list({ organizationId, before: null, limit: 2 })
    if (members.length === 1 && role === 'owner') alone.push(membership)
    else {
      const owners = role === 'owner' ? await deps.database.memberships.findOwnerCount(organizationId) : 0
      if (owners === 1) throw lastOwner()
      among.push(membership)
    }
  }
  // The verbs look again under a lock, each for its organisation.
  for (const membership of among) {
    const { organizationId, userId } = membership
    await removeMember(deps, contextOf(by, membership), { organizationId, userId })
  }
  for (const membership of alone)
    await deleteOrganization(deps, contextOf(by, membership), { organizationId: membership.organizationId })
}

const contextOf = (by: PersonContext, { organizationId, userId, role }: Membership) => ({
  ...by,
  actor: { kind: 'user' as const, id: userId, organizationId, role, projectIds: null, scopes: null },
})
