import { constants, createPublicKey, generateKeyPairSync, type KeyObject, verify } from 'node:crypto'
import { getSignedCookies, getSignedUrl } from '@aws-sdk/cloudfront-signer'
import { windowExpiry } from '@calotype/core'
import { describe, expect, it } from 'vitest'
import { createCloudFrontCdn } from './cloudfront-cdn.ts'
import { proveKeyPair } from './signing-key.ts'

const EXPIRES = 2_000_000_000
/** For each kind of key: 10,000 in all. */
const CHANGES = 5_000
const FOLDER = 'private/01HZX0000000000000000000AA/01HZX0000000000000000000BB/r1/'
const BASE = 'https://d111111abcdef8.cloudfront.net/'
const domain = 'd111111abcdef8.cloudfront.net'
const inPem = ({ publicKey, privateKey }: { publicKey: KeyObject; privateKey: KeyObject }) => ({
  publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
})
const newEcdsa = (namedCurve = 'P-256') => inPem(generateKeyPairSync('ec', { namedCurve }))
const newRsa = (modulusLength = 2_048) => inPem(generateKeyPairSync('rsa', { modulusLength }))
const [rsa, ecdsa] = [newRsa(), newEcdsa()]
const pairs = [
  { kind: 'RSA', pair: rsa },
  { kind: 'ECDSA', pair: ecdsa },
]
const open = (pair: { privateKey: string }, more = {}) =>
  createCloudFrontCdn({ domain, keyPairs: [{ id: 'K1', privateKey: pair.privateKey }], ...more })

/** CloudFront's alphabet read strictly: what does not come back as the same text was no canonical base64. */
function decode(text: string): Buffer | null {
  if (!/^[A-Za-z0-9~_-]+$/.test(text)) return null
  const base64 = text.replaceAll('-', '+').replaceAll('_', '=').replaceAll('~', '/')
  const bytes = Buffer.from(base64, 'base64')
  return bytes.toString('base64') === base64 ? bytes : null
}

const keys = new Map<string, KeyObject>()
/** Read once: a PEM takes longer to read than a signature to verify. */
function publicKeyOf(pem: string): KeyObject {
  const key = keys.get(pem) ?? createPublicKey(pem)
  keys.set(pem, key)
  return key
}

/** Judges a URL as an edge does, with nothing but the public key. */
function accepts(url: string, publicKey: string, nowSeconds = 0): boolean {
  const [address = '', query = ''] = url.split('?')
  const fields = new Map(query.split('&').map(part => [part.split('=')[0], part.slice(part.indexOf('=') + 1)] as const))
  const [policy, signature] = [decode(fields.get('Policy') ?? ''), decode(fields.get('Signature') ?? '')]
  const hash = fields.get('Hash-Algorithm') ?? 'SHA1'
  if (!policy || !signature || fields.get('Key-Pair-Id') !== 'K1' || !['SHA1', 'SHA256'].includes(hash)) return false
  const key = { key: publicKeyOf(publicKey), padding: constants.RSA_PKCS1_PADDING }
  if (!verify(hash, policy, key, signature)) return false
  const { Resource, Condition } = JSON.parse(policy.toString()).Statement[0]
  const prefix = Resource.replace(/\*$/, '')
  return address.startsWith(prefix) && nowSeconds < Condition.DateLessThan['AWS:EpochTime']
}

describe.each(pairs)('signed URLs with $kind keys', ({ pair }) => {
  const cdn = open(pair)

  it('are accepted by the public key, until their second', () => {
    for (const name of ['full.avif', 'thumb.webp', 'full']) {
      const url = cdn.sign(FOLDER + name, EXPIRES)
      expect(url.startsWith(`${BASE}${FOLDER}${name}?Policy=`)).toBe(true)
      expect(accepts(url, pair.publicKey, EXPIRES - 1)).toBe(true)
      expect(accepts(url, pair.publicKey, EXPIRES)).toBe(false)
    }
  })

  it('share one signature in a folder, and none with another folder or window', () => {
    const query = (key: string, expires = EXPIRES) => cdn.sign(key, expires).split('?')[1]
    expect(query(`${FOLDER}full.avif`)).toBe(query(`${FOLDER}thumb.jpg`))
    const other = `${FOLDER.replace('BB/', 'BC/')}full.avif`
    expect(query(other)).not.toBe(query(`${FOLDER}full.avif`))
    expect(query(`${FOLDER}full.avif`, EXPIRES + 600)).not.toBe(query(`${FOLDER}full.avif`))
    expect(accepts(`${BASE}${other}?${query(`${FOLDER}full.avif`)}`, pair.publicKey)).toBe(false)
  })

  it('are the same in every process and at every moment of a window', () => {
    const now = new Date('2026-03-01T12:00:00.000Z')
    const later = new Date('2026-03-01T12:09:59.000Z')
    const [first, second] = [open(pair), open(pair, { maxKeptSignatures: 0 })]
    const key = `${FOLDER}full.avif`
    expect(first.sign(key, windowExpiry(now, 600))).toBe(second.sign(key, windowExpiry(later, 600)))
  })

  it('can be made by SHA-1 for older distributions', () => {
    const url = open(pair, { hash: 'sha1' }).sign(`${FOLDER}full.avif`, EXPIRES)
    expect(url).not.toContain('Hash-Algorithm')
    expect(accepts(url, pair.publicKey)).toBe(true)
  })

  it(`are refused after any change of one byte: ${CHANGES} of them`, () => {
    const urls = Array.from({ length: 20 }, (_, image) =>
      cdn.sign(`${FOLDER.replace('BB/', `B${'0123456789ABCDEFGHJK'[image]}/`)}full.avif`, EXPIRES + 600 * image),
    )
    const accepted: string[] = []
    const places = new Set<number>()
    for (let tried = 0, step = 0; tried < CHANGES; step++) {
      const url = urls[step % urls.length] ?? ''
      const at = (step * 7_919) % url.length
      // Every character that can stand in a URL, and some that cannot.
      const character = String.fromCharCode(0x20 + ((step * 31) % 95))
      // The name in the folder is not what the signature covers: a wildcard is meant to sign all names.
      const isName = at >= BASE.length + FOLDER.length && at < url.indexOf('?')
      if (isName || url[at] === character) continue
      tried++
      places.add(at)
      const changed = url.slice(0, at) + character + url.slice(at + 1)
      if (accepts(changed, pair.publicKey)) accepted.push(changed)
    }
    expect(accepted).toEqual([])
    // No place was left out.
    expect(places.size).toBeGreaterThanOrEqual(Math.min(...urls.map(url => url.length)) - 'full.avif'.length)
    for (const url of urls) expect(accepts(url, pair.publicKey)).toBe(true)
  }, 120_000)

  it('open a gallery by cookies, and no other project', () => {
    const cookies = cdn.signCookies('01HZX0000000000000000000AA', EXPIRES)
    const query = Object.entries(cookies)
      .map(([name, value]) => `${name.replace('CloudFront-', '')}=${value}`)
      .join('&')
    expect(accepts(`${BASE}${FOLDER}full.avif?${query}`, pair.publicKey, EXPIRES - 1)).toBe(true)
    expect(accepts(`${BASE}${FOLDER.replace('AA/', 'AB/')}full.avif?${query}`, pair.publicKey)).toBe(false)
    for (const projectId of ['', '*', 'a/b', '01HZX*']) expect(() => cdn.signCookies(projectId, EXPIRES)).toThrow()
  })
})

describe('the forms of the official signer', () => {
  const policy = `{"Statement":[{"Resource":"${BASE}${FOLDER}*","Condition":{"DateLessThan":{"AWS:EpochTime":${EXPIRES}}}}]}`
  it.each([
    ['SHA1', 'sha1'],
    ['SHA256', 'sha256'],
  ] as const)('are ours, to the letter: %s', (algorithm, hash) => {
    const official = { keyPairId: 'K1', privateKey: rsa.privateKey, policy, algorithm }
    const cdn = open(rsa, { hash })
    const url = `${BASE}${FOLDER}full.avif`
    expect(new URL(cdn.sign(`${FOLDER}full.avif`, EXPIRES)).search.split('&').sort()).toEqual(
      new URL(getSignedUrl({ ...official, url })).search.split('&').sort(),
    )
    const gallery = policy.replace(/01HZX0+BB\/r1\//, '')
    expect(cdn.signCookies('01HZX0000000000000000000AA', EXPIRES)).toEqual(
      getSignedCookies({ ...official, policy: gallery }),
    )
  })
})

describe('key pairs', () => {
  const second = newEcdsa()
  const keyPairs = [
    { id: 'NEW', privateKey: second.privateKey, signsFrom: new Date(EXPIRES * 1000) },
    { id: 'OLD', privateKey: rsa.privateKey },
  ]
  const signedBy = (expires: number) =>
    new URL(createCloudFrontCdn({ domain, keyPairs }).sign(`${FOLDER}a.avif`, expires)).searchParams.get('Key-Pair-Id')

  it('change over with a window, in every process at once', () => {
    expect([EXPIRES - 1, EXPIRES, EXPIRES + 600].map(signedBy)).toEqual(['OLD', 'NEW', 'NEW'])
  })

  it('are refused at once when CloudFront would not take them', () => {
    const weak = newRsa(1_024)
    const curve = newEcdsa('P-384')
    const edwards = inPem(generateKeyPairSync('ed25519'))
    for (const pair of [weak, curve, edwards]) expect(() => open(pair)).toThrow(/K1 is neither RSA/)
    expect(() => createCloudFrontCdn({ domain, keyPairs: [] })).toThrow()
  })
})

describe('keys', () => {
  it('of public projects have plain URLs', () => {
    expect(open(rsa).sign('public/p/i/r1/full.avif', EXPIRES)).toBe(`${BASE}public/p/i/r1/full.avif`)
  })

  it.each([
    'uploads/01HZX0000000000000000000BB',
    'private/p/i/full.avif',
    'private/p/i/*/x',
    'private/p/i/r/',
    'private/p/i/r/a/b',
    'x',
  ])('that are no variants are never signed: %s', key => {
    expect(() => open(rsa).sign(key, EXPIRES)).toThrow()
  })

  it('beyond the limit of kept signatures are signed again, the same', () => {
    const cdn = open(ecdsa, { maxKeptSignatures: 2 })
    const keys = ['a', 'b', 'c', 'd'].map(id => `private/p/${id}/r1/full.avif`)
    const urls = keys.map(key => cdn.sign(key, EXPIRES))
    expect(keys.map(key => cdn.sign(key, EXPIRES))).toEqual(urls)
  })
})

it('proves of a key pair that its halves belong together, and refuses what CloudFront does not take', () => {
  expect(proveKeyPair({ id: 'K1', privateKey: rsa.privateKey })).toBe('rsa')
  expect(proveKeyPair({ id: 'K2', privateKey: ecdsa.privateKey })).toBe('ecdsa')
  expect(() => proveKeyPair({ id: 'K3', privateKey: newRsa(1_024).privateKey })).toThrow(/K3 is neither RSA/)
})
