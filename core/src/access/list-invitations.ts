import type { Context } from '../context.ts'
import type { Database } from '../database.ts'
import type { Invitation } from './invitation.ts'
import { type Page, type PageInput, readPage } from './page.ts'
import { enterOrganization } from './standing.ts'

/** The invitations of an organisation, newest first, with those that were answered, revoked or have expired. */
export async function listInvitations(
  deps: { database: Pick<Database, 'organizations' | 'memberships' | 'invitations'> },
  ctx: Context,
  input: { organizationId: string } & PageInput,
): Promise<Page<Invitation>> {
  const { organizationId } = input
  await enterOrganization(deps.database, ctx, { organizationId, action: 'access.manage' })
  return readPage(input, query => deps.database.invitations.list({ ...query, organizationId }))
}
