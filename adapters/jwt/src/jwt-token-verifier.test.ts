import { createTestClock } from '@calotype/core/testing'
import { exportJWK, generateKeyPair, importJWK, SignJWT } from 'jose'
import { expect, it } from 'vitest'
import { createJwtTokenVerifier } from './jwt-token-verifier.ts'
import { createKeySource } from './key-source.ts'
import { KNOWN_ALGORITHMS } from './key-types.ts'

it('verifies by each algorithm that is allowed, one key for several, and by no other', async () => {
  const clock = createTestClock()
  const rsa = await generateKeyPair('RS256', { extractable: true })
  const made = await Promise.all(
    ['ES256', 'ES384', 'ES512', 'EdDSA'].map(async alg => ({
      alg,
      ...(await generateKeyPair(alg, { extractable: true })),
    })),
  )
  const keys = [
    { ...(await exportJWK(rsa.publicKey)), kid: 'RSA' },
    ...(await Promise.all(made.map(async ({ alg, publicKey }) => ({ ...(await exportJWK(publicKey)), kid: alg })))),
  ]
  const privateRsa = await exportJWK(rsa.privateKey)
  const now = Math.floor(clock.now().getTime() / 1000)
  const tokenBy = async (alg: string) => {
    const own = made.find(each => each.alg === alg)
    const key = own?.privateKey ?? (await importJWK(privateRsa, alg))
    return new SignJWT({ iss: 'issuer', aud: 'audience', sub: 'me', exp: now + 60 })
      .setProtectedHeader({ alg, kid: own ? alg : 'RSA', typ: 'JWT' })
      .sign(key)
  }
  const verifierOf = (algorithms: readonly string[]) =>
    createJwtTokenVerifier({
      ...{ issuer: 'issuer', audience: 'audience', organization: { id: 'O' }, role: null, projectsClaim: null },
      ...{ clock, algorithms, typeOptional: false, keys: createKeySource({ read: async () => ({ keys }), clock }) },
    })
  const all = verifierOf(KNOWN_ALGORITHMS)
  for (const alg of KNOWN_ALGORITHMS) {
    const token = await tokenBy(alg)
    expect([alg, (await all.verify(token))?.subject]).toEqual([alg, 'me'])
    expect(await verifierOf([alg]).verify(token)).not.toBeNull()
    expect(await verifierOf(KNOWN_ALGORITHMS.filter(other => other !== alg)).verify(token)).toBeNull()
  }
})
