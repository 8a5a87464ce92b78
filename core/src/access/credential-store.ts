import type { Actor } from './actor.ts'

/**
 * API keys, sign-in links and console sessions. Secrets come in as SHA-256 (lower-case hex) and are never stored in clear.
 */
export interface CredentialStore {
  /** The actor behind a key that is neither expired nor revoked. */
  findByApiKey(keyHash: string): Promise<Actor | null>
  addSignInLink(link: { organizationId: string; tokenHash: string; expiresAt: Date }): Promise<void>
  /** Spends a link once; null when it is unknown, spent or expired. */
  redeemSignInLink(tokenHash: string, now: Date): Promise<{ organizationId: string } | null>
  addSession(session: { id: string; organizationId: string; tokenHash: string; expiresAt: Date }): Promise<void>
  findBySession(tokenHash: string, now: Date): Promise<Actor | null>
  removeSession(tokenHash: string): Promise<void>
}
