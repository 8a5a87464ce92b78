import type { Context } from '../context.ts'
import type { Once } from '../idempotency/index.ts'
import type { Actor } from './actor.ts'
import { actionsOf } from './authorize.ts'
import { forbidden, notFound } from './errors.ts'
import type { MembershipStore } from './membership-store.ts'
import type { Organization, OrganizationStore } from './organization.ts'
import type { Action, Role } from './permissions.ts'

type Stores = { organizations: OrganizationStore; memberships: MembershipStore }

/** Who asks where no organisation is involved yet: a person with an account. */
export interface PersonContext {
  userId: string
  requestId: string
  ip?: string | null
  once?: Once
}

/**
 * The organisation and what the caller is in it: for people by their membership, whichever organisation they work in just now; for other
 * credentials in their own organisation alone. Everything else is `not_found`, a role too low `forbidden`. With `lock` its row is held to the
 * end of the transaction.
 */
export async function enterOrganization(
  stores: Stores,
  ctx: Context,
  input: { organizationId: string; action: Action | null; lock?: boolean },
): Promise<{ organization: Organization; actor: Actor }> {
  const { organizationId, action } = input
  const organization = input.lock
    ? await stores.organizations.lock(organizationId)
    : await stores.organizations.find(organizationId)
  const actor = organization && (await actorIn(stores, ctx.actor, organizationId))
  if (!actor) throw notFound()
  // A credential for some projects only has no say in what concerns all of them.
  const reaches = action === null || actor.projectIds === null
  if (action !== null && !(reaches && actionsOf(actor).includes(action))) throw forbidden(action)
  return { organization, actor }
}

async function actorIn(stores: Stores, actor: Actor, organizationId: string): Promise<Actor | null> {
  const own = actor.organizationId === organizationId
  if (actor.kind !== 'user') return own ? actor : null
  const membership = await stores.memberships.find(actor.id, organizationId)
  if (membership) {
    // A token that was narrowed stays where it was made for.
    if (!own && (actor.projectIds !== null || actor.scopes !== null)) return null
    return { ...actor, organizationId, role: membership.role }
  }
  // The one-time link has no account; a person who has one and is no member any more is nobody here.
  return own && !(await stores.memberships.findPerson(actor.id)) ? actor : null
}

/** Refuses giving, changing or taking the role of an owner by anybody who is none; admins do the rest. */
export function authorizeRole(actor: Actor, role: Role): void {
  if (role === 'owner' && !actionsOf(actor).includes('organization.own')) throw forbidden('organization.own')
}
