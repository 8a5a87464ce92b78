import type { Clock } from '../clock.ts'
import type { Database } from '../database.ts'
import { invitationGone, notFound } from './errors.ts'
import { type Invitation, statusOf } from './invitation.ts'
import type { Organization } from './organization.ts'
import { hashSecret } from './secrets.ts'

/** What the holder of a token may know before signing in. Rejects with `not_found`, or `invitation_gone` when it is good no longer. */
export async function previewInvitation(
  deps: { database: Pick<Database, 'invitations' | 'organizations'>; clock: Clock },
  input: { token: string },
): Promise<{ invitation: Invitation; organization: Organization }> {
  const invitation = await deps.database.invitations.findByToken(hashSecret(input.token))
  const organization = invitation && (await deps.database.organizations.find(invitation.organizationId))
  if (!organization) throw notFound()
  if (statusOf(invitation, deps.clock.now()) !== 'pending') throw invitationGone()
  return { invitation, organization }
}
