import type { Clock } from '../clock.ts'
import type { Context } from '../context.ts'
import type { Database } from '../database.ts'
import { settleOnce } from '../idempotency/index.ts'
import { newId } from '../ids.ts'
import { invitationMail, type MailSeal, queueMail } from '../mail/index.ts'
import { noteChange } from '../security/index.ts'
import { limitReached } from './errors.ts'
import { INVITATION_DAYS, type Invitation, MAX_PENDING_INVITATIONS } from './invitation.ts'
import type { Role } from './permissions.ts'
import { hashSecret, newSecret } from './secrets.ts'
import { authorizeRole, enterOrganization } from './standing.ts'

type Deps = { database: Database; clock: Clock; mailSeal: MailSeal; publicUrl: string }

const DAY_MS = 24 * 3_600_000

/**
 * Invites whoever has this e-mail address. The address with the token is answered once, sent by mail, and never stored. Nobody invites above the own role; an invitation
 * to the same address that still waits is replaced.
 */
export function inviteMember(
  deps: Deps,
  ctx: Context,
  input: { organizationId: string; email: string; role: Role },
): Promise<{ invitation: Invitation; acceptUrl: string }> {
  const { organizationId, email, role } = input
  return deps.database.transaction(async tx => {
    const { organization, actor } = await enterOrganization(tx, ctx, {
      organizationId,
      action: 'access.manage',
      lock: true,
    })
    authorizeRole(actor, role)
    const now = deps.clock.now()
    await tx.invitations.revokeAll(organizationId, { email }, now)
    if ((await tx.invitations.findPendingCount(organizationId, now)) >= MAX_PENDING_INVITATIONS)
      throw limitReached('pending invitations of one organisation', MAX_PENDING_INVITATIONS)
    const invitation: Invitation = {
      id: newId(),
      organizationId,
      email,
      role,
      invitedBy: { kind: actor.kind, id: actor.id },
      createdAt: now,
      expiresAt: new Date(now.getTime() + INVITATION_DAYS * DAY_MS),
      acceptedAt: null,
      revokedAt: null,
    }
    const token = newSecret('invitation')
    await tx.invitations.add({ ...invitation, tokenHash: hashSecret(token) })
    const acceptUrl = `${deps.publicUrl}/#invitation=${token}`
    const mail = invitationMail({
      to: email,
      organization: organization.name,
      role,
      days: INVITATION_DAYS,
      link: acceptUrl,
    })
    await queueMail({ jobs: tx.jobs, mailSeal: deps.mailSeal }, mail, { ...ctx, expiresAt: invitation.expiresAt })
    const detail = `Invitation ${invitation.id} was made for the role ${role}.`
    await noteChange(tx, ctx, { event: 'member.invited', detail, at: now, organizationId })
    await settleOnce(tx, ctx, { id: invitation.id })
    return { invitation, acceptUrl }
  })
}
