import type { Role } from './permissions.ts'

/** What a token proved. Nothing of it is taken from a token that was not verified to the last rule. */
export interface VerifiedToken {
  /** Who it is: our own user's id, or a name that only this issuer gives. */
  subject: string
  organizationId: string
  /** What the issuer says the person is; null where only our own membership can say so. */
  role: Role | null
  /** The only projects that the token reaches; null for every one of the organisation. */
  projectIds: readonly string[] | null
  expiresAt: Date
}

/** Judges bearer tokens (JWT) of one or more issuers. */
export interface TokenVerifier {
  /**
   * What the token proves; null for a token that is bad in any way. Rejects with `issuer_unavailable` when the issuer's keys are
   * needed and cannot be had.
   */
  verify(token: string): Promise<VerifiedToken | null>
}

/** The first verifier that takes the token decides. */
export const anyTokenVerifier = (verifiers: readonly TokenVerifier[]): TokenVerifier => ({
  async verify(token) {
    for (const verifier of verifiers) {
      const verified = await verifier.verify(token)
      if (verified) return verified
    }
    return null
  },
})
