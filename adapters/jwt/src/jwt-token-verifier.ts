import type { Clock, TokenVerifier } from '@calotype/core'
import { compactVerify } from 'jose'
import { type ClaimRules, readClaims } from './claims.ts'
import type { KeySource } from './key-source.ts'
import { readToken } from './read-token.ts'

export interface JwtTokenVerifierConfig extends ClaimRules {
  keys: KeySource
  clock: Clock
  /** The only algorithms; each of KNOWN_ALGORITHMS. */
  algorithms: readonly string[]
  /** Whether the header may leave out what the token is (`typ`). */
  typeOptional: boolean
}

/** `JWT` in general, `at+jwt` for access tokens (RFC 9068); everything else was made for another purpose. */
const TYPES: readonly string[] = ['jwt', 'at+jwt']

/**
 * Judges the tokens of one issuer by RFC 8725. Claims are looked at before keys are asked for, so that a token of nobody we trust makes
 * no request anywhere.
 */
export function createJwtTokenVerifier(config: JwtTokenVerifierConfig): TokenVerifier {
  return {
    async verify(token) {
      const read = readToken(token)
      if (!read || !config.algorithms.includes(read.algorithm)) return null
      if (read.type === null ? !config.typeOptional : !TYPES.includes(read.type)) return null
      const verified = readClaims(read.claims, config, config.clock.now())
      if (!verified) return null
      const key = await config.keys.find(read.keyId, read.algorithm)
      if (!key) return null
      const good = await compactVerify(token, key, { algorithms: [read.algorithm] }).then(
        () => true,
        () => false,
      )
      return good ? verified : null
    },
  }
}
