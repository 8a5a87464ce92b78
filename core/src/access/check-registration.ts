import type { Clock } from '../clock.ts'
import type { Database } from '../database.ts'
import { invitationForOther, registrationClosed } from './errors.ts'
import { findVacantOrganization } from './link-session.ts'
import { previewInvitation } from './preview-invitation.ts'

/** Who may make an account: anybody, or only those who were invited. */
export const REGISTRATION_MODES = ['open', 'closed'] as const
export type RegistrationMode = (typeof REGISTRATION_MODES)[number]

/** What a browser brings along when it signs up or in. */
export interface Tickets {
  /** The token of an invitation. */
  invitation: string | null
  /** The session of the one-time link. */
  linkSession: string | null
}

/**
 * Whether somebody with this address may make an account. An invitation has to be good, and for this address; where registration is closed,
 * only it or the one-time link of a fresh installation opens the door. Rejects with `not_found`, `invitation_gone`,
 * `invitation_for_other` or `registration_closed`.
 */
export async function checkRegistration(
  deps: { database: Database; clock: Clock; registration: RegistrationMode },
  input: Tickets & { email: string },
): Promise<void> {
  if (input.invitation !== null) {
    const { invitation } = await previewInvitation(deps, { token: input.invitation })
    if (invitation.email.toLowerCase() !== input.email.toLowerCase()) throw invitationForOther()
    return
  }
  if (deps.registration === 'open') return
  const { credentials, memberships } = deps.database
  const vacant = await findVacantOrganization({ credentials, memberships, clock: deps.clock }, input.linkSession)
  if (vacant === null) throw registrationClosed()
}
