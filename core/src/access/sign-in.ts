import type { Clock } from '../clock.ts'
import { newId } from '../ids.ts'
import type { Actor } from './actor.ts'
import type { CredentialStore } from './credential-store.ts'
import { linkSpent, unauthorized } from './errors.ts'
import { hashSecret, newSecret } from './secrets.ts'

export const SIGN_IN_LINK_SECONDS = 15 * 60
export const SESSION_SECONDS = 30 * 24 * 3600
/** Longer credentials are refused unread. */
export const MAX_CREDENTIAL_LENGTH = 8_192

type Deps = { credentials: CredentialStore; clock: Clock }

/** Makes a single-use sign-in link token for the organisation; only its hash is stored. */
export async function createSignInLink(deps: Deps, input: { organizationId: string }): Promise<string> {
  const token = newSecret('link')
  const expiresAt = new Date(deps.clock.now().getTime() + SIGN_IN_LINK_SECONDS * 1000)
  await deps.credentials.addSignInLink({
    organizationId: input.organizationId,
    tokenHash: hashSecret(token),
    expiresAt,
  })
  return token
}

/** Spends a sign-in link for a session. Rejects with `unauthorized` when it is unknown, spent or expired. */
export async function redeemSignInLink(
  deps: Deps,
  input: { token: string },
): Promise<{ session: string; expiresAt: Date; actor: Actor }> {
  const now = deps.clock.now()
  const link = await deps.credentials.redeemSignInLink(hashSecret(input.token), now)
  if (!link) throw linkSpent()
  const session = newSecret('session')
  const expiresAt = new Date(now.getTime() + SESSION_SECONDS * 1000)
  const { organizationId } = link
  const id = newId()
  await deps.credentials.addSession({ id, organizationId, tokenHash: hashSecret(session), expiresAt })
  const actor: Actor = { kind: 'user', id, organizationId, role: 'owner', projectIds: null, scopes: null }
  return { session, expiresAt, actor }
}

/** The actor behind a console session. Rejects with `unauthorized`. */
export async function authenticate(deps: Deps, input: { session: string | null }): Promise<Actor> {
  const { session } = input
  if (!session || session.length > MAX_CREDENTIAL_LENGTH) throw unauthorized()
  const actor = await deps.credentials.findBySession(hashSecret(session), deps.clock.now())
  if (!actor) throw unauthorized()
  return actor
}

/** Ends a session; ending it again is no error. */
export const signOut = (deps: Deps, input: { session: string }): Promise<void> =>
  deps.credentials.removeSession(hashSecret(input.session))
