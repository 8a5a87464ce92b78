import type { Clock } from '../clock.ts'
import type { Database } from '../database.ts'
import { newId } from '../ids.ts'
import { noteChange } from '../security/index.ts'
import { acceptInvitation } from './accept-invitation.ts'
import type { RegistrationMode, Tickets } from './check-registration.ts'
import { addOrganization } from './create-organization.ts'
import { findVacantOrganization } from './link-session.ts'
import { hashSecret } from './secrets.ts'
import type { PersonContext } from './standing.ts'

type Deps = { database: Database; clock: Clock; maxUploadBytes: number; registration: RegistrationMode }

/**
 * Gives a person who belongs to no organisation a place: the one they were invited to; the installation's own when the browser holds its
 * one-time link and nobody is in it yet; else one of their own, where registration is open. Runs after every sign-up and sign-in, so that
 * the next sign-in mends what a kill left in between. Rejects like `acceptInvitation`.
 */
export async function settleAccount(deps: Deps, by: PersonContext, tickets: Tickets): Promise<void> {
  const { memberships } = deps.database
  if ((await memberships.listByUser(by.userId)).length > 0) return
  if (tickets.invitation !== null) {
    await acceptInvitation(deps, by, { token: tickets.invitation })
    return
  }
  if (tickets.linkSession !== null && (await takeOver(deps, by, tickets.linkSession))) return
  if (deps.registration === 'closed') return
  await deps.database.transaction(async tx => {
    // Two sign-ins at once make one organisation.
    if (!(await tx.memberships.lockPerson(by.userId)) || (await tx.memberships.listByUser(by.userId)).length > 0) return
    const person = await tx.memberships.findPerson(by.userId)
    if (person) await addOrganization(tx, deps, by, { name: ownName(person.name) })
  })
}

/** "Ada's organisation": the first word of the name, bounded like names of organisations are. */
const ownName = (name: string): string => `${(name.trim().split(/\s+/)[0] ?? '').slice(0, 80)}'s organisation`

/** Makes the person the owner of the organisation that has nobody; the link's session has done its work then. */
function takeOver(deps: Deps, by: PersonContext, linkSession: string): Promise<boolean> {
  const { userId } = by
  return deps.database.transaction(async tx => {
    const stores = { credentials: tx.credentials, memberships: tx.memberships, clock: deps.clock }
    const seen = await findVacantOrganization(stores, linkSession)
    // Looked at again with its row held: of two browsers one gets it.
    if (seen === null || !(await tx.organizations.lock(seen))) return false
    const organizationId = await findVacantOrganization(stores, linkSession)
    if (organizationId === null) return false
    const at = deps.clock.now()
    const role = 'owner' as const
    await tx.memberships.add({ id: newId(), organizationId, userId, role, joinedAt: at })
    await tx.credentials.removeSession(hashSecret(linkSession))
    const actor = { kind: 'user' as const, id: userId, organizationId, role, projectIds: null, scopes: null }
    const detail = `Member ${userId} came by the one-time link as the first owner.`
    await noteChange(tx, { ...by, actor }, { event: 'member.joined', detail, at, organizationId })
    return true
  })
}
