import type { Invitation } from './invitation.ts'

/** Invitations by organisation. Tokens come in as SHA-256 (lower-case hex) and are never stored in clear. */
export interface InvitationStore {
  add(invitation: Invitation & { tokenHash: string }): Promise<void>
  find(organizationId: string, invitationId: string): Promise<Invitation | null>
  /** The invitation behind a token, if its organisation is not deleted. */
  findByToken(tokenHash: string): Promise<Invitation | null>
  /** The same, its row held to the end of the transaction. */
  lockByToken(tokenHash: string): Promise<Invitation | null>
  /** Newest first, below the id `before`. */
  list(query: { organizationId: string; before: string | null; limit: number }): Promise<readonly Invitation[]>
  findPendingCount(organizationId: string, now: Date): Promise<number>
  markAccepted(organizationId: string, invitationId: string, by: string, at: Date): Promise<void>
  /** False when there is none that waits for an answer. */
  revoke(organizationId: string, invitationId: string, at: Date): Promise<boolean>
  /** Revokes what waits for an answer: to this address, or made by this user. */
  revokeAll(organizationId: string, which: { email: string } | { invitedBy: string }, at: Date): Promise<void>
}
