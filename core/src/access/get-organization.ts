import type { Context } from '../context.ts'
import type { Database } from '../database.ts'
import { invalidListCursor, notFound } from './errors.ts'
import type { Organization } from './organization.ts'
import type { Page, PageInput } from './page.ts'
import { readPage } from './page.ts'
import type { Role } from './permissions.ts'
import { enterOrganization } from './standing.ts'

type Deps = { database: Pick<Database, 'organizations' | 'memberships'> }

/** An organisation with what the caller is in it. */
export interface OwnOrganization {
  organization: Organization
  role: Role
}

/** An organisation that the caller belongs to. */
export async function getOrganization(
  deps: Deps,
  ctx: Context,
  input: { organizationId: string },
): Promise<OwnOrganization> {
  const { organization, actor } = await enterOrganization(deps.database, ctx, { ...input, action: null })
  return { organization, role: actor.role }
}

/** The organisations that the caller belongs to, newest first; for a key its own one. */
export async function listOrganizations(deps: Deps, ctx: Context, input: PageInput): Promise<Page<OwnOrganization>> {
  if (ctx.actor.kind === 'user' && (await deps.database.memberships.findPerson(ctx.actor.id))) {
    const joined = await deps.database.memberships.listByUser(ctx.actor.id)
    const all = joined.map(({ organization, membership }) => ({
      id: organization.id,
      organization,
      role: membership.role,
    }))
    const newest = all.sort((left, right) => (left.id < right.id ? 1 : -1))
    return readPage(input, async ({ before, limit }) =>
      newest.filter(each => before === null || each.id < before).slice(0, limit),
    )
  }
  if (input.cursor !== null) throw invalidListCursor()
  const organization = await deps.database.organizations.find(ctx.actor.organizationId)
  if (!organization) throw notFound()
  return { items: [{ organization, role: ctx.actor.role }], nextCursor: null }
}
