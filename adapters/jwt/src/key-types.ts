/** A public key as its issuer published it; members that would make it a private or a symmetric one are left out. */
export interface PublicKey {
  kid: string
  kty: string
  members: Record<string, string>
  alg: string | null
  use: string | null
  operations: readonly unknown[] | null
}

/** What a key has to be for each algorithm. Symmetric algorithms are not here, and so can never be allowed. */
const KEY_OF: ReadonlyMap<string, { kty: string; crv?: string }> = new Map([
  ['RS256', { kty: 'RSA' }],
  ['RS384', { kty: 'RSA' }],
  ['RS512', { kty: 'RSA' }],
  ['PS256', { kty: 'RSA' }],
  ['PS384', { kty: 'RSA' }],
  ['PS512', { kty: 'RSA' }],
  ['ES256', { kty: 'EC', crv: 'P-256' }],
  ['ES384', { kty: 'EC', crv: 'P-384' }],
  ['ES512', { kty: 'EC', crv: 'P-521' }],
  ['EdDSA', { kty: 'OKP', crv: 'Ed25519' }],
])
const PUBLIC_MEMBERS = ['crv', 'x', 'y', 'n', 'e']

export const KNOWN_ALGORITHMS: readonly string[] = [...KEY_OF.keys()]

/** Whether the key was made for this algorithm and for verifying. */
export function fits(key: PublicKey, algorithm: string): boolean {
  const wanted = KEY_OF.get(algorithm)
  if (!wanted || key.kty !== wanted.kty || key.members.crv !== wanted.crv) return false
  // RFC 9864 gives EdDSA on Ed25519 a name of its own.
  const named = key.alg === 'Ed25519' ? 'EdDSA' : key.alg
  if (named !== null && named !== algorithm) return false
  if (key.use !== null && key.use !== 'sig') return false
  return key.operations === null || key.operations.includes('verify')
}

/** A key of a JWKS document; null for what cannot be one, or has no id to be found by. */
export function toPublicKey(entry: unknown): PublicKey | null {
  if (!isObject(entry) || typeof entry.kid !== 'string' || typeof entry.kty !== 'string') return null
  const { kid, kty, alg, use, key_ops: operations } = entry
  const named = PUBLIC_MEMBERS.map(name => [name, entry[name]] as const)
  return {
    kid,
    kty,
    members: Object.fromEntries(named.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : []))),
    alg: textOrNull(alg),
    use: textOrNull(use),
    operations: Array.isArray(operations) ? operations : null,
  }
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const textOrNull = (value: unknown): string | null => (value === undefined ? null : String(value))
