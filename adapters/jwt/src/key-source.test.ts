import { createTestClock } from '@calotype/core/testing'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { createKeySource } from './key-source.ts'
import { KEYS_FRESH_MS, KEYS_REFETCH_MS, KEYS_RETRY_MS, KEYS_STALE_MS, MAX_KEYS } from './limits.ts'

let keys: JWK[] = []
beforeAll(async () => {
  keys = await Promise.all(['one', 'two'].map(kid => newKey('ES256', kid)))
})

async function newKey(alg: string, kid: string): Promise<JWK> {
  const { publicKey } = await generateKeyPair(alg, { extractable: true })
  return { ...(await exportJWK(publicKey)), kid }
}

function scene() {
  const clock = createTestClock()
  const issuer = { document: { keys: keys.slice(0, 1) } as unknown, away: false, asked: 0 }
  const source = createKeySource({
    clock,
    read: async () => {
      issuer.asked += 1
      if (issuer.away) throw new Error('away')
      return issuer.document
    },
  })
  const find = async (kid: string, alg = 'ES256') => (await source.find(kid, alg)) !== null
  return { clock, issuer, find }
}

const unavailable = { kind: 'network', code: 'issuer_unavailable' }

describe('the keys of an issuer', () => {
  it('are asked for once, by many at the same moment too, until they are old', async () => {
    const { clock, issuer, find } = scene()
    expect(await Promise.all(Array.from({ length: 20 }, () => find('one')))).toEqual(Array(20).fill(true))
    clock.advance(KEYS_FRESH_MS - 1)
    expect(await find('one')).toBe(true)
    expect(issuer.asked).toBe(1)
    clock.advance(1)
    expect(await find('one')).toBe(true)
    expect(issuer.asked).toBe(2)
  })

  it('are asked for again for an unknown one, but only so often', async () => {
    const { clock, issuer, find } = scene()
    expect(await find('one')).toBe(true)
    issuer.document = { keys }
    clock.advance(KEYS_REFETCH_MS - 1)
    for (let time = 0; time < 50; time++) expect(await find('two')).toBe(false)
    expect(issuer.asked).toBe(1)
    clock.advance(1)
    expect(await Promise.all([find('two'), find('nobody'), find('two')])).toEqual([true, false, true])
    expect(issuer.asked).toBe(2)
  })

  it('that the issuer withdrew are good no longer than the others are fresh', async () => {
    const { clock, issuer, find } = scene()
    expect(await find('one')).toBe(true)
    issuer.document = { keys: keys.slice(1) }
    clock.advance(KEYS_FRESH_MS)
    expect(await find('one')).toBe(false)
    expect(await find('two')).toBe(true)
  })

  it('go on being good while the issuer is away, up to a limit, and it is asked only so often', async () => {
    const { clock, issuer, find } = scene()
    await find('one')
    issuer.away = true
    clock.advance(KEYS_FRESH_MS)
    for (let time = 0; time < 10; time++) expect(await find('one')).toBe(true)
    expect(await find('nobody')).toBe(false)
    expect(issuer.asked).toBe(2)
    clock.advance(KEYS_REFETCH_MS)
    expect(await find('one')).toBe(true)
    expect(issuer.asked).toBe(3)
    clock.advance(KEYS_STALE_MS - KEYS_FRESH_MS - KEYS_REFETCH_MS - 1)
    expect(await find('one')).toBe(true)
    clock.advance(1)
    await expect(find('one')).rejects.toMatchObject(unavailable)
    issuer.away = false
    clock.advance(KEYS_RETRY_MS)
    expect(await find('one')).toBe(true)
  })

  it('of an issuer that was never there are missed, without asking at every token', async () => {
    const { clock, issuer, find } = scene()
    issuer.away = true
    for (let time = 0; time < 10; time++) await expect(find('one')).rejects.toMatchObject(unavailable)
    expect(issuer.asked).toBe(1)
    clock.advance(KEYS_RETRY_MS)
    issuer.away = false
    expect(await find('one')).toBe(true)
  })

  it('stay when the issuer answers something else', async () => {
    const { clock, issuer, find } = scene()
    await find('one')
    for (const document of [null, [], { keys: {} }, 'x', {}]) {
      issuer.document = document
      clock.advance(KEYS_FRESH_MS / 10)
      expect(await find('nobody')).toBe(false)
      expect(await find('one')).toBe(true)
    }
    expect(issuer.asked).toBeGreaterThan(3)
  })

  it('hold nobody up while an issuer that was away is asked again', async () => {
    const clock = createTestClock()
    const answers: Array<() => Promise<unknown>> = [
      async () => ({ keys }),
      () => Promise.reject(new Error('away')),
      () => new Promise(() => {}),
    ]
    const source = createKeySource({
      clock,
      read: () => answers.shift()?.() ?? Promise.reject(new Error('asked again')),
    })
    expect(await source.find('one', 'ES256')).not.toBeNull()
    for (const wait of [KEYS_FRESH_MS, KEYS_REFETCH_MS]) {
      clock.advance(wait)
      expect(await source.find('one', 'ES256')).not.toBeNull()
    }
    expect(answers).toHaveLength(0)
  })

  it('are only those that fit the algorithm and were made for it', async () => {
    const { issuer, find } = scene()
    const [base, rsa] = [keys[0] ?? {}, await newKey('RS256', 'rsa')]
    issuer.document = {
      keys: [
        ...[null, 7, 'x', {}, { kid: 'no-type' }, { kty: 'EC' }],
        { kty: 'oct', k: 'AAAA', kid: 'secret', alg: 'ES256' },
        { ...base, kid: 'other-alg', alg: 'ES384' },
        { ...base, kid: 'same-alg', alg: 'ES256' },
        { ...base, kid: 'encrypts', use: 'enc' },
        { ...base, kid: 'signs', use: 'sig', key_ops: ['verify'] },
        { ...base, kid: 'only-signs', key_ops: ['sign'] },
        { ...base, kid: 'broken', x: 'AA' },
        { ...base, kid: 'other-curve', crv: 'P-384' },
        rsa,
      ],
    }
    const good = ['same-alg', 'signs']
    const bad = ['secret', 'other-alg', 'encrypts', 'only-signs', 'broken', 'other-curve', 'rsa', 'no-type']
    for (const kid of good) expect([kid, await find(kid)]).toEqual([kid, true])
    for (const kid of bad) expect([kid, await find(kid)]).toEqual([kid, false])
    for (const alg of ['RS256', 'RS512', 'PS256']) expect(await find('rsa', alg)).toBe(true)
    for (const alg of ['HS256', 'none', 'ES384', 'toString']) expect(await find('rsa', alg)).toBe(false)
  })

  it('are looked at up to a limit', async () => {
    const { issuer, find } = scene()
    const many = Array.from({ length: MAX_KEYS }, (_, index) => ({ ...keys[0], kid: `k${index}` }))
    issuer.document = { keys: [...many, { ...keys[0], kid: 'last' }] }
    expect(await find(`k${MAX_KEYS - 1}`)).toBe(true)
    expect(await find('last')).toBe(false)
  })
})
