import type { CredentialStore, ProvenActor } from './credential-store.ts'
import type { OrganizationStore } from './organization.ts'
import type { Role } from './permissions.ts'
import { hashSecret } from './secrets.ts'
import { MAX_CREDENTIAL_LENGTH } from './sign-in.ts'
import type { TokenVerifier, VerifiedToken } from './token-verifier.ts'

/** People of other issuers have ids that no user of ours can have. */
export const EXTERNAL_SUBJECT = 'external:'

interface Deps {
  credentials: CredentialStore
  organizations: OrganizationStore
  memberships: { find(userId: string, organizationId: string): Promise<{ role: Role } | null> }
  tokens: TokenVerifier
}

/** The actor behind an API key or a token (JWT); null when it is not good. Rejects when that cannot be found out. */
export async function findBearer(deps: Deps, bearer: string): Promise<ProvenActor | null> {
  if (bearer === '' || bearer.length > MAX_CREDENTIAL_LENGTH) return null
  // Only a JWT has dots.
  if (!bearer.includes('.')) return deps.credentials.findByApiKey(hashSecret(bearer))
  const token = await deps.tokens.verify(bearer)
  return token && findPerson(deps, token)
}

async function findPerson(deps: Deps, token: VerifiedToken): Promise<ProvenActor | null> {
  const { organizationId, projectIds, expiresAt } = token
  const person = token.role === null ? await ownPerson(deps, token) : await externalPerson(deps, token, token.role)
  return person && { actor: { kind: 'user', ...person, organizationId, projectIds, scopes: null }, expiresAt }
}

/** A token of our own says who it is and nothing about rights: what the membership says now counts. */
async function ownPerson(deps: Deps, token: VerifiedToken): Promise<{ id: string; role: Role } | null> {
  const membership = await deps.memberships.find(token.subject, token.organizationId)
  return membership && { id: token.subject, role: membership.role }
}

async function externalPerson(
  deps: Deps,
  token: VerifiedToken,
  role: Role,
): Promise<{ id: string; role: Role } | null> {
  const organization = await deps.organizations.find(token.organizationId)
  return organization && { id: `${EXTERNAL_SUBJECT}${token.subject}`, role }
}
