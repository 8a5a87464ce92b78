import { MAX_TOKEN_BYTES } from './limits.ts'
import { parseStrictly } from './parse-strictly.ts'

export interface ReadToken {
  algorithm: string
  keyId: string
  /** Lower case, without `application/`; null when the header does not say. */
  type: string | null
  claims: Record<string, unknown>
}

const KEY_ID = /^[A-Za-z0-9._~+/=:@-]{1,255}$/
const BASE64URL = /^[A-Za-z0-9_-]+$/
/** Headers by which a token would bring its own key, change what is signed, or hide its claims. */
const FORBIDDEN_HEADERS = ['jku', 'jwk', 'x5u', 'x5c', 'crit', 'b64', 'enc', 'zip', 'cty']

/** The parts of a token that is well-formed to the letter, nothing proved yet; null for every other text. */
export function readToken(token: string): ReadToken | null {
  if (Buffer.byteLength(token) > MAX_TOKEN_BYTES) return null
  const [head, body, signature, ...rest] = token.split('.')
  if (head === undefined || body === undefined || signature === undefined || rest.length > 0) return null
  const header = jsonOf(head)
  const claims = jsonOf(body)
  if (!header || !claims || decode(signature) === null) return null
  if (FORBIDDEN_HEADERS.some(name => Object.hasOwn(header, name))) return null
  const { alg, kid } = header
  const type = typeOf(header)
  if (typeof alg !== 'string' || typeof kid !== 'string' || !isKeyId(kid) || type === undefined) return null
  return { algorithm: alg, keyId: kid, type, claims }
}

/** Key ids are only ever compared, but a path or a query in one is an attack on somebody. */
const isKeyId = (kid: string): boolean => KEY_ID.test(kid) && !kid.includes('..') && !kid.startsWith('/')

function typeOf(header: Record<string, unknown>): string | null | undefined {
  if (!Object.hasOwn(header, 'typ')) return null
  return typeof header.typ === 'string' ? header.typ.toLowerCase().replace(/^application\//, '') : undefined
}

function jsonOf(part: string): Record<string, unknown> | null {
  const bytes = decode(part)
  if (!bytes) return null
  const text = bytes.toString('utf8')
  // What is no UTF-8 comes out changed.
  return Buffer.from(text, 'utf8').equals(bytes) ? parseStrictly(text) : null
}

/** The bytes of canonical base64url: no padding, no spare bits, at least one byte. */
function decode(part: string): Buffer | null {
  if (!BASE64URL.test(part)) return null
  const bytes = Buffer.from(part, 'base64url')
  return bytes.toString('base64url') === part ? bytes : null
}
