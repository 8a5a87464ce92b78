import type { Clock } from '../clock.ts'
import type { CredentialStore } from './credential-store.ts'
import type { MembershipStore } from './membership-store.ts'
import { hashSecret } from './secrets.ts'

type Deps = {
  credentials: Pick<CredentialStore, 'findBySession'>
  memberships: Pick<MembershipStore, 'list'>
  clock: Clock
}

/**
 * The organisation that the holder of a one-time-link session may take over: that of the installation, as long as it has no member.
 * Null when there is nothing to take over.
 */
export async function findVacantOrganization(deps: Deps, session: string | null): Promise<string | null> {
  if (session === null) return null
  const actor = await deps.credentials.findBySession(hashSecret(session), deps.clock.now())
  if (actor?.role !== 'owner') return null
  const { organizationId } = actor
  const members = await deps.memberships.list({ organizationId, before: null, limit: 1 })
  return members.length === 0 ? organizationId : null
}
