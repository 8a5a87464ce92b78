import type { Actor } from './actor.ts'
import type { Role } from './permissions.ts'

/** An invitation is good for this long. */
export const INVITATION_DAYS = 7
/** Invitations of one organisation that wait for an answer. */
export const MAX_PENDING_INVITATIONS = 100

export interface Invitation {
  id: string
  organizationId: string
  /** As it was written; compared without regard to case. */
  email: string
  role: Role
  invitedBy: Pick<Actor, 'kind' | 'id'>
  createdAt: Date
  expiresAt: Date
  acceptedAt: Date | null
  revokedAt: Date | null
}

export type InvitationStatus = 'pending' | 'accepted' | 'revoked' | 'expired'

/** Where an invitation stands at this moment. */
export function statusOf(invitation: Invitation, now: Date): InvitationStatus {
  if (invitation.acceptedAt) return 'accepted'
  if (invitation.revokedAt) return 'revoked'
  return invitation.expiresAt <= now ? 'expired' : 'pending'
}
