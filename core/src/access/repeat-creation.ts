import type { Context } from '../context.ts'
import type { Database } from '../database.ts'
import { authorizeEverywhere } from './authorize.ts'
import type { ApiKey } from './credential-store.ts'
import { notFound } from './errors.ts'
import type { Invitation } from './invitation.ts'
import type { Organization } from './organization.ts'
import { enterOrganization, type PersonContext } from './standing.ts'

type Deps = { database: Database }

// What a creation is answered with when it is repeated under its Idempotency-Key: never a secret, and only what may still be seen.

/** An API key of the caller's organisation. */
export async function getApiKey(deps: Deps, ctx: Context, input: { keyId: string }): Promise<ApiKey> {
  authorizeEverywhere(ctx.actor, 'access.manage')
  const key = await deps.database.credentials.findApiKey(ctx.actor.organizationId, input.keyId)
  if (!key) throw notFound()
  return key
}

/** An invitation of an organisation that the caller manages. */
export async function getInvitation(
  deps: Deps,
  ctx: Context,
  input: { organizationId: string; invitationId: string },
): Promise<Invitation> {
  const { organizationId, invitationId } = input
  await enterOrganization(deps.database, ctx, { organizationId, action: 'access.manage' })
  const invitation = await deps.database.invitations.find(organizationId, invitationId)
  if (!invitation) throw notFound()
  return invitation
}

/** An organisation that a person belongs to. */
export async function getOwnOrganization(
  deps: Deps,
  by: PersonContext,
  input: { organizationId: string },
): Promise<Organization> {
  const { memberships, organizations } = deps.database
  const member = await memberships.find(by.userId, input.organizationId)
  const organization = member && (await organizations.find(input.organizationId))
  if (!organization) throw notFound()
  return organization
}
