import type { Clock } from '../clock.ts'
import type { Database, Stores } from '../database.ts'
import { newId } from '../ids.ts'
import { noteChange } from '../security/index.ts'
import { requireRoom } from './create-organization.ts'
import { invitationForOther, invitationGone, notFound, personNeeded } from './errors.ts'
import type { OwnOrganization } from './get-organization.ts'
import { type Invitation, statusOf } from './invitation.ts'
import { ROLES, type Role } from './permissions.ts'
import { hashSecret } from './secrets.ts'
import type { PersonContext } from './standing.ts'

type Deps = { database: Database; clock: Clock }

/**
 * Makes the person a member, once however many try. The token is good for the account with the invited address alone. Who is a member
 * already keeps the higher of both roles.
 */
export function acceptInvitation(deps: Deps, by: PersonContext, input: { token: string }): Promise<OwnOrganization> {
  return deps.database.transaction(async tx => {
    const now = deps.clock.now()
    const known = await tx.invitations.findByToken(hashSecret(input.token))
    // The organisation first, as everywhere: whoever holds it may look at its invitations.
    const organization = known && (await tx.organizations.lock(known.organizationId))
    const invitation = await tx.invitations.lockByToken(hashSecret(input.token))
    if (!organization || !invitation) throw notFound()
    if (statusOf(invitation, now) !== 'pending') throw invitationGone()
    const person = await tx.memberships.findPerson(by.userId)
    if (!person) throw personNeeded()
    if (person.email.toLowerCase() !== invitation.email.toLowerCase()) throw invitationForOther()
    const role = await join(tx, by, invitation, now)
    await tx.invitations.markAccepted(organization.id, invitation.id, by.userId, now)
    return { organization, role }
  })
}

async function join(tx: Stores, by: PersonContext, invitation: Invitation, at: Date): Promise<Role> {
  const { organizationId, role } = invitation
  const { userId } = by
  const existing = await tx.memberships.find(userId, organizationId)
  if (existing && ROLES.indexOf(existing.role) <= ROLES.indexOf(role)) return existing.role
  if (existing) await tx.memberships.setRole(organizationId, userId, role)
  else {
    await requireRoom(tx, userId)
    await tx.memberships.add({ id: newId(), organizationId, userId, role, joinedAt: at })
  }
  const actor = { kind: 'user' as const, id: userId, organizationId, role, projectIds: null, scopes: null }
  const detail = `Member ${userId} took invitation ${invitation.id} for the role ${role}.`
  await noteChange(tx, { ...by, actor }, { event: 'member.joined', detail, at, organizationId })
  return role
}
