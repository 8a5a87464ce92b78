import type { Member, Membership, MembershipStore } from '../../access/index.ts'
import { membershipId, type StateAccess } from './state.ts'

/** Members in memory; locks are free, because transactions run one at a time. */
export function memoryMembershipStore(state: StateAccess): MembershipStore {
  const get = (organizationId: string, userId: string): Membership | null =>
    state().memberships.get(membershipId(organizationId, userId)) ?? null
  const asMember = (membership: Membership): Member => {
    const person = state().people.get(membership.userId)
    return { ...structuredClone(membership), name: person?.name ?? '', email: person?.email ?? '' }
  }
  const all = () => [...state().memberships.values()]
  return {
    find: async (userId, organizationId) => structuredClone(get(organizationId, userId)),
    listByUser: async userId =>
      all()
        .filter(membership => membership.userId === userId)
        .sort((left, right) => (left.id < right.id ? -1 : 1))
        .flatMap(membership => {
          const organization = state().organizations.get(membership.organizationId)
          return organization ? [structuredClone({ organization, membership })] : []
        }),
    list: async ({ organizationId, before, limit }) =>
      all()
        .filter(each => each.organizationId === organizationId && (before === null || each.id < before))
        .sort((left, right) => (left.id < right.id ? 1 : -1))
        .slice(0, limit)
        .map(asMember),
    findMember: async (organizationId, userId) => {
      const membership = get(organizationId, userId)
      return membership && asMember(membership)
    },
    findPerson: async userId => structuredClone(state().people.get(userId) ?? null),
    lockPerson: async userId => state().people.has(userId),
    findOwnerCount: async organizationId =>
      all().filter(each => each.organizationId === organizationId && each.role === 'owner').length,
    add: async membership => {
      const { organizationId, userId } = membership
      if (get(organizationId, userId)) return false
      state().memberships.set(membershipId(organizationId, userId), structuredClone(membership))
      return true
    },
    setRole: async (organizationId, userId, role) => {
      const membership = get(organizationId, userId)
      if (membership) membership.role = role
      return membership !== null
    },
    remove: async (organizationId, userId) => state().memberships.delete(membershipId(organizationId, userId)),
    setActiveOrganization: async (sessionId, organizationId) => {
      state().activeOrganizations.set(sessionId, organizationId)
    },
  }
}
