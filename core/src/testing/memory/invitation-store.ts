import type { Invitation, InvitationStore } from '../../access/index.ts'
import type { StateAccess } from './state.ts'

/** Invitations in memory; locks are free, because transactions run one at a time. */
export function memoryInvitationStore(state: StateAccess): InvitationStore {
  const of = (organizationId: string): Invitation[] =>
    [...state().invitations.values()].filter(invitation => invitation.organizationId === organizationId)
  const get = (organizationId: string, id: string) => of(organizationId).find(invitation => invitation.id === id)
  const isOpen = (invitation: Invitation): boolean => !invitation.acceptedAt && !invitation.revokedAt
  const byToken = async (tokenHash: string) => structuredClone(state().invitations.get(tokenHash) ?? null)
  return {
    add: async ({ tokenHash, ...invitation }) => {
      state().invitations.set(tokenHash, structuredClone(invitation))
    },
    find: async (organizationId, id) => structuredClone(get(organizationId, id) ?? null),
    findByToken: byToken,
    lockByToken: byToken,
    list: async ({ organizationId, before, limit }) =>
      structuredClone(
        of(organizationId)
          .filter(invitation => before === null || invitation.id < before)
          .sort((left, right) => (left.id < right.id ? 1 : -1))
          .slice(0, limit),
      ),
    findPendingCount: async (organizationId, now) =>
      of(organizationId).filter(invitation => isOpen(invitation) && invitation.expiresAt > now).length,
    markAccepted: async (organizationId, id, _by, at) => {
      const invitation = get(organizationId, id)
      if (invitation && isOpen(invitation)) invitation.acceptedAt = at
    },
    revoke: async (organizationId, id, at) => {
      const invitation = get(organizationId, id)
      if (!invitation || !isOpen(invitation)) return false
      invitation.revokedAt = at
      return true
    },
    revokeAll: async (organizationId, which, at) => {
      const isMeant = ({ email, invitedBy }: Invitation): boolean =>
        'email' in which
          ? email.toLowerCase() === which.email.toLowerCase()
          : invitedBy.kind === 'user' && invitedBy.id === which.invitedBy
      for (const invitation of of(organizationId))
        if (isOpen(invitation) && isMeant(invitation)) invitation.revokedAt = at
    },
  }
}
