import type { Database } from '../database.ts'
import type { AccountSession } from './accounts.ts'
import { notFound } from './errors.ts'

/** Lets a person's session work in another of their organisations from now on. */
export async function switchOrganization(
  deps: { database: Pick<Database, 'memberships'> },
  session: Pick<AccountSession, 'sessionId' | 'userId'>,
  input: { organizationId: string },
): Promise<void> {
  const { memberships } = deps.database
  if (!(await memberships.find(session.userId, input.organizationId))) throw notFound()
  await memberships.setActiveOrganization(session.sessionId, input.organizationId)
}
