import type { Context } from '../context.ts'
import type { Database } from '../database.ts'
import type { Member } from './membership-store.ts'
import { type Page, type PageInput, readPage } from './page.ts'
import { enterOrganization } from './standing.ts'

/** The members of an organisation, who joined last first. Those who manage access see them. */
export async function listMembers(
  deps: { database: Pick<Database, 'organizations' | 'memberships'> },
  ctx: Context,
  input: { organizationId: string } & PageInput,
): Promise<Page<Member>> {
  const { organizationId } = input
  await enterOrganization(deps.database, ctx, { organizationId, action: 'access.manage' })
  return readPage(input, query => deps.database.memberships.list({ ...query, organizationId }))
}
