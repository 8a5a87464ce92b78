import type { AccountSession } from './accounts.ts'
import type { Actor } from './actor.ts'
import type { MembershipStore } from './membership-store.ts'

/**
 * Who a signed-in person is just now: a member of the organisation that their session works in, else of the one they joined first. Null when
 * they belong to none. Read at every request, so that a removed member is one no longer.
 */
export async function findAccountActor(
  deps: { memberships: Pick<MembershipStore, 'find' | 'listByUser'> },
  session: Pick<AccountSession, 'userId' | 'organizationId'>,
): Promise<Actor | null> {
  const { userId, organizationId } = session
  const active = organizationId === null ? null : await deps.memberships.find(userId, organizationId)
  const membership = active ?? (await deps.memberships.listByUser(userId))[0]?.membership
  if (!membership) return null
  const { role } = membership
  return { kind: 'user', id: userId, organizationId: membership.organizationId, role, projectIds: null, scopes: null }
}
