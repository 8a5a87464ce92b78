import type { Actor } from './actor.ts'
import type { Role, Scope } from './permissions.ts'

/** An API key or service key as it is kept: without its secret. */
export interface ApiKey {
  id: string
  organizationId: string
  name: string
  kind: 'api_key' | 'service'
  /** Of an API key the role; a service has none, its scopes decide. */
  role: Role | null
  scopes: readonly Scope[] | null
  projectIds: readonly string[] | null
  createdAt: Date
  expiresAt: Date | null
  revokedAt: Date | null
  /** To the minute. */
  lastUsedAt: Date | null
}

export type NewApiKey = Omit<ApiKey, 'revokedAt' | 'lastUsedAt'> & { keyHash: string }

/** An actor, and until when its credential is good (null: without end). */
export interface ProvenActor {
  actor: Actor
  expiresAt: Date | null
}

export interface ApiKeyUse {
  organizationId: string
  id: string
  at: Date
}

/**
 * API keys, sign-in links and console sessions. Secrets come in as SHA-256 (lower-case hex) and are never stored in clear.
 */
export interface CredentialStore {
  /** The actor behind a key that is neither expired nor revoked. Only reads. */
  findByApiKey(keyHash: string): Promise<ProvenActor | null>
  findApiKey(organizationId: string, id: string): Promise<ApiKey | null>
  /** Keys of the organisation, newest first, revoked and expired ones included; with `projectIds` only keys bound to some of these. */
  listApiKeys(query: {
    organizationId: string
    projectIds: readonly string[] | null
    /** Id of the last key of the page before. */
    before: string | null
    limit: number
  }): Promise<readonly ApiKey[]>
  /** Lets nobody else add a key to the organisation before this transaction ends; resolves with how many are neither revoked nor expired. */
  countApiKeysLocked(organizationId: string, now: Date): Promise<number>
  addApiKey(key: NewApiKey): Promise<void>
  /** True when the key was there and not revoked yet. */
  revokeApiKey(organizationId: string, id: string, at: Date): Promise<boolean>
  /** Notes when keys were last used, to the minute; keys that are gone are left out. */
  noteApiKeyUses(uses: readonly ApiKeyUse[]): Promise<void>
  addSignInLink(link: { organizationId: string; tokenHash: string; expiresAt: Date }): Promise<void>
  /** Spends a link once; null when it is unknown, spent or expired. */
  redeemSignInLink(tokenHash: string, now: Date): Promise<{ organizationId: string } | null>
  addSession(session: { id: string; organizationId: string; tokenHash: string; expiresAt: Date }): Promise<void>
  findBySession(tokenHash: string, now: Date): Promise<Actor | null>
  removeSession(tokenHash: string): Promise<void>
}
