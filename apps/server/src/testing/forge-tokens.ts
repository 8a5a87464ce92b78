import { createHmac, generateKeyPairSync, type JsonWebKey, type KeyObject, sign } from 'node:crypto'

/** Whoever signs tokens: with a key pair of its own that it publishes under a key id. */
export interface Signer {
  kid: string
  alg: 'RS256' | 'ES256' | 'EdDSA'
  publicKey: KeyObject
  jwk: JsonWebKey
  sign(text: string): Buffer
  /** By the same key and SHA-512. */
  sign512(text: string): Buffer
}

export function createSigner(alg: Signer['alg'], kid: string): Signer {
  const { publicKey, privateKey } = keyPair(alg)
  const digest = alg === 'EdDSA' ? null : 'sha256'
  const key = { key: privateKey, dsaEncoding: 'ieee-p1363' as const }
  // An RSA key that does not say what it is for could verify other algorithms too.
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', ...(alg === 'RS256' ? {} : { alg }) }
  const signWith = (hash: string | null) => (text: string) => sign(hash, Buffer.from(text), key)
  return { kid, alg, publicKey, jwk, sign: signWith(digest), sign512: signWith(alg === 'EdDSA' ? null : 'sha512') }
}

function keyPair(alg: Signer['alg']) {
  if (alg === 'RS256') return generateKeyPairSync('rsa', { modulusLength: 2048 })
  return alg === 'ES256' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('ed25519')
}

/** A part of a token: a value as JSON, or text as it is. */
export const part = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

/** A token of these parts, whatever they are. */
export function forge(header: unknown, claims: unknown, signText: (text: string) => Buffer): string {
  const text = `${part(header)}.${part(claims)}`
  return `${text}.${signText(text).toString('base64url')}`
}

export interface Scene {
  signer: Signer
  /** A key of the same issuer for another algorithm. */
  second: Signer
  /** A header and claims that are good. */
  header: Record<string, unknown>
  claims: Record<string, unknown>
  nowSeconds: number
}

const hmac = (secret: string | Buffer, text: string): Buffer => createHmac('sha256', secret).update(text).digest()
const NOTHING = (): Buffer => Buffer.alloc(0)

/** Tokens that must not be good, by what is wrong with them. */
export function attackTokens(scene: Scene): Record<string, string> {
  return {
    ...forgedSignatures(scene),
    ...forgedHeaders(scene),
    ...forgedClaims(scene),
    ...brokenForms(scene),
  }
}

function forgedSignatures({ signer, second, header, claims }: Scene): Record<string, string> {
  const stranger = createSigner(signer.alg, signer.kid)
  const pem = signer.publicKey.export({ format: 'pem', type: 'spki' })
  const der = signer.publicKey.export({ format: 'der', type: 'spki' })
  const hs256 = { ...header, alg: 'HS256' }
  const nones = ['none', 'None', 'NONE', 'nOnE', '', 'null'].flatMap(alg => [
    [`algorithm ${alg || 'empty'}, not signed`, forge({ ...header, alg }, claims, NOTHING)],
    [`algorithm ${alg || 'empty'}, signed`, forge({ ...header, alg }, claims, signer.sign)],
  ])
  return {
    ...Object.fromEntries(nones),
    'no signature': forge(header, claims, NOTHING),
    'HS256 with the public key as PEM': forge(hs256, claims, text => hmac(pem, text)),
    'HS256 with the public key as DER': forge(hs256, claims, text => hmac(der, text)),
    'HS256 with the published key': forge(hs256, claims, text => hmac(JSON.stringify(signer.jwk), text)),
    'HS256 with an empty secret': forge(hs256, claims, text => hmac('', text)),
    'HMAC under the true algorithm': forge(header, claims, text => hmac(pem, text)),
    'another key under the same id': forge(header, claims, stranger.sign),
    'another key of the issuer under this id': forge(header, claims, second.sign),
    'the algorithm of another key': forge({ ...header, alg: second.alg }, claims, signer.sign),
    'an algorithm that is not allowed': forge({ ...header, alg: 'RS512' }, claims, signer.sign),
    'an algorithm that is not allowed, truly signed': forge(
      { ...header, alg: 'RS512' },
      { ...claims, jti: 'x' },
      signer.sign512,
    ),
    'ES256 with r = s = 0': forge({ ...header, alg: 'ES256', kid: second.kid }, claims, () => Buffer.alloc(64)),
    'a signature of zeros': forge(header, claims, () => Buffer.alloc(signer.sign('').length)),
    'claims changed after signing': changed(forge(header, claims, signer.sign), { ...claims, sub: 'somebody-else' }),
    'header changed after signing': `${part({ ...header, extra: 1 })}.${forge(header, claims, signer.sign).split('.').slice(1).join('.')}`,
  }
}

function changed(token: string, claims: unknown): string {
  const [head, , signature] = token.split('.')
  return `${head}.${part(claims)}.${signature}`
}

function forgedHeaders({ signer, header, claims }: Scene): Record<string, string> {
  const stranger = createSigner(signer.alg, signer.kid)
  const by = (more: Record<string, unknown>, who = signer) => forge({ ...header, ...more }, claims, who.sign)
  const kids = [
    '../../../../dev/null',
    '/dev/null',
    "x' or '1'='1",
    `${signer.kid}\u0000`,
    'k'.repeat(300),
    '',
    'unknown',
    7,
    null,
    [signer.kid],
    { $ne: null },
  ]
  return {
    ...Object.fromEntries(kids.map(kid => [`key id ${JSON.stringify(kid).slice(0, 40)}`, by({ kid })])),
    'no key id': by({ kid: undefined }),
    'a key of its own (jwk)': by({ jwk: stranger.jwk }, stranger),
    'a key of its own beside a good signature': by({ jwk: signer.jwk }),
    'a place for keys (jku)': by({ jku: 'http://127.0.0.1:1/jwks' }, stranger),
    'a place for certificates (x5u)': by({ x5u: 'http://127.0.0.1:1/cert' }),
    'a certificate of its own (x5c)': by({ x5c: ['MIIB'] }, stranger),
    'a critical extension': by({ crit: ['exp'] }),
    'an unencoded payload (b64)': by({ b64: false, crit: ['b64'] }),
    'a nested token (cty)': by({ cty: 'JWT' }),
    'type of another purpose': by({ typ: 'dpop+jwt' }),
    'type logout token': by({ typ: 'logout+jwt' }),
    'type JOSE': by({ typ: 'JOSE' }),
    'type that is no text': by({ typ: ['JWT'] }),
    'algorithm as a list': by({ alg: [signer.alg] }),
    'algorithm twice': forge(`{"alg":"none",${JSON.stringify(header).slice(1)}`, claims, signer.sign),
    'algorithm twice, escaped': forge(`{"\\u0061lg":"none",${JSON.stringify(header).slice(1)}`, claims, signer.sign),
  }
}

function forgedClaims({ signer, header, claims, nowSeconds: now }: Scene): Record<string, string> {
  const by = (more: Record<string, unknown>) => forge(header, { ...claims, ...more }, signer.sign)
  const { iss, aud } = { iss: String(claims.iss), aud: String(claims.aud) }
  const json = JSON.stringify(claims).slice(1)
  const withoutEnd = JSON.stringify({ ...claims, exp: undefined }).slice(1)
  return {
    'no issuer': by({ iss: undefined }),
    'wrong issuer': by({ iss: 'https://evil.example' }),
    'issuer with a slash more': by({ iss: `${iss}/` }),
    'issuer in capitals': by({ iss: iss.toUpperCase() }),
    'issuer as a list': by({ iss: [iss] }),
    'no audience': by({ aud: undefined }),
    'wrong audience': by({ aud: 'another-service' }),
    'audience beside another': by({ aud: [aud, 'another-service'] }),
    'audience in a list in a list': by({ aud: [[aud]] }),
    'audience as an object': by({ aud: { 0: aud, length: 1 } }),
    'an empty list of audiences': by({ aud: [] }),
    'audience that only begins well': by({ aud: `${aud}.evil.example` }),
    'no end': by({ exp: undefined }),
    'end as text': by({ exp: String(now + 600) }),
    'end null': by({ exp: null }),
    'end in milliseconds': by({ exp: (now + 600) * 1000 }),
    'a far end': by({ exp: now + 25 * 3600 }),
    expired: by({ exp: now - 1 }),
    'expired long ago': by({ exp: 1 }),
    'end below zero': by({ exp: -1 }),
    'end beyond all numbers': forge(
      header,
      JSON.stringify({ ...claims, exp: 0 }).replace('"exp":0', '"exp":1e999'),
      signer.sign,
    ),
    'good only later (nbf)': by({ nbf: now + 120 }),
    'nbf as text': by({ nbf: String(now) }),
    'issued in the future': by({ iat: now + 120 }),
    'iat as text': by({ iat: String(now) }),
    'no subject': by({ sub: undefined }),
    'subject null': by({ sub: null }),
    'subject empty': by({ sub: '' }),
    'subject a number': by({ sub: 1 }),
    'subject with a line break': by({ sub: 'a\nb' }),
    'subject too long': by({ sub: 's'.repeat(256) }),
    'issuer twice': forge(header, `{"iss":"https://evil.example",${json}`, signer.sign),
    'subject twice': forge(header, `{"sub":"admin",${json}`, signer.sign),
    'a name twice deep inside': forge(header, `{"deep":[{"a":1,"a":2}],${json}`, signer.sign),
    'claims that are a list': forge(header, [claims], signer.sign),
    'claims that are text': forge(header, '"claims"', signer.sign),
    'claims that are no JSON': forge(header, `${JSON.stringify(claims)} x`, signer.sign),
    'inherited claims': forge(header, `{"__proto__":{"exp":${now + 600}},${withoutEnd}`, signer.sign),
    'over 8 KB': by({ padding: 'x'.repeat(8_192) }),
  }
}

function brokenForms({ signer, header, claims }: Scene): Record<string, string> {
  const good = forge(header, claims, signer.sign)
  const [head = '', body = '', signature = ''] = good.split('.')
  return {
    truncated: good.slice(0, -4),
    'without its signature': `${head}.${body}`,
    'one segment more': `${good}.${signature}`,
    'an empty segment more': `${good}.`,
    'a leading dot': `.${good}`,
    'encrypted form': `${head}.${body}.${body}.${body}.${signature}`,
    'spare bits in the signature': `${head}.${body}.${spareBits(signature)}`,
    'padding at the end': `${good}${'='.repeat((4 - (signature.length % 4)) % 4 || 4)}`,
    'the alphabet of plain base64': `${head}.${body}.${signature.replaceAll('-', '+').replaceAll('_', '/')}+`,
    'a signature that goes on': `${good}AAAA`,
    'JSON form': part({ protected: head, payload: body, signature }).concat('.', body, '.', signature),
    'broken UTF-8': brokenText(header, claims, signer),
    'only dots': '..',
  }
}

/** The same bytes for a lenient decoder: the last character carries bits that no byte uses. */
function spareBits(text: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return `${text.slice(0, -1)}${alphabet[alphabet.indexOf(text.slice(-1)) + 1] ?? 'B'}`
}

/** Claims that are good but for a byte in one more name, which no UTF-8 text has. */
function brokenText(header: unknown, claims: unknown, signer: Signer): string {
  const bytes = Buffer.from(JSON.stringify(claims).replace('{', '{"?":1,'))
  bytes[bytes.indexOf('?')] = 0xff
  const text = `${part(header)}.${bytes.toString('base64url')}`
  return `${text}.${signer.sign(text).toString('base64url')}`
}
