import { Me } from '@calotype/contract'
import { newId } from '@calotype/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser } from '../testing/browser.ts'
import { expectProblem } from '../testing/expect-problem.ts'
import { attackTokens, createSigner, forge, type Scene } from '../testing/forge-tokens.ts'
import { startJwksServer } from '../testing/jwks-server.ts'
import { PUBLIC_URL, startTestServer, type TestServer } from '../testing/test-server.ts'

const ISSUER = 'https://issuer.example'
const AUDIENCE = 'calotype-api'
const [rsa, ec] = [createSigner('RS256', 'rsa-1'), createSigner('ES256', 'ec-1')]
const ed = createSigner('EdDSA', 'own-1')

let issuer: Awaited<ReturnType<typeof startJwksServer>>
let server: TestServer
let organizationId = ''
let userId = ''
let foreignOrganizationId = ''
beforeAll(async () => {
  issuer = await startJwksServer([rsa, ec])
  server = await startTestServer({
    readJwks: async () => ({ keys: [ed.jwk, ec.jwk] }),
    env: {
      JWT_ISSUER: ISSUER,
      JWT_AUDIENCE: AUDIENCE,
      JWT_JWKS_URL: issuer.url,
      JWT_ORGANIZATION_CLAIM: 'org_id',
      JWT_ROLE_CLAIM: 'roles',
      JWT_ROLE_MAP: 'photo-admin:admin,photo-user:member',
    },
  })
  organizationId = (await server.deps.database.installation.findFirstOrganization())?.id ?? ''
  userId = await addMember()
})
afterAll(async () => {
  await server.close()
  await issuer.close()
})

const now = () => Math.floor(Date.now() / 1000)
const times = () => ({ iat: now(), nbf: now(), exp: now() + 600 })

const externalScene = (): Scene => ({
  ...{ signer: rsa, second: ec, nowSeconds: now() },
  header: { alg: 'RS256', kid: 'rsa-1', typ: 'JWT' },
  claims: { iss: ISSUER, aud: AUDIENCE, sub: 'auth0|42', org_id: organizationId, roles: 'photo-user', ...times() },
})

const ownScene = (): Scene => ({
  ...{ signer: ed, second: ec, nowSeconds: now() },
  header: { alg: 'EdDSA', kid: 'own-1' },
  claims: { iss: PUBLIC_URL, aud: PUBLIC_URL, sub: userId, org: organizationId, ...times() },
})

const SCENES = { 'another issuer': externalScene, 'our own issuer': ownScene }

const tokenOf = ({ header, claims, signer }: Scene, more: Record<string, unknown> = {}) =>
  forge(header, { ...claims, ...more }, signer.sign)

const ask = (token: string, url = '/api/v1/me') =>
  server.app.inject({ url, headers: { authorization: `Bearer ${token}` } })

/** Somebody with an account, who owns an organisation too and is a member of the first one. */
async function addMember(): Promise<string> {
  const browser = openBrowser(server)
  await browser.signUp('ada@example.org')
  const me = Me.parse((await browser.get('/me')).json())
  foreignOrganizationId = me.organization_id
  const membership = { id: newId(), organizationId, userId: me.id, role: 'member' as const, joinedAt: new Date() }
  expect(await server.deps.database.memberships.add(membership)).toBe(true)
  return me.id
}

describe.each(Object.entries(SCENES))('a token of %s', (_name, scene) => {
  it('that is good answers 200, so that the others are refused for what is wrong with them', async () => {
    const answer = await ask(tokenOf(scene()))
    expect([answer.statusCode, Me.parse(answer.json())]).toEqual([
      200,
      expect.objectContaining({ kind: 'user', organization_id: organizationId, role: 'member' }),
    ])
  })

  it('is refused however it was forged, on every route that is asked', async () => {
    const attacks = Object.entries(attackTokens(scene()))
    expect(attacks.length).toBeGreaterThan(80)
    expect(new Set(attacks.map(([, token]) => token)).size).toBe(attacks.length)
    for (const [name, token] of attacks) {
      for (const url of ['/api/v1/me', '/api/v1/images']) {
        const { statusCode, body, headers } = await ask(token, url)
        expect([name, statusCode, JSON.parse(body).code]).toEqual([name, 401, 'unauthorized'])
        expect(headers['www-authenticate']).toMatch(/^Bearer/)
      }
    }
  })

  it('is refused for an organisation that is not there, or not theirs', async () => {
    const claim = scene === ownScene ? 'org' : 'org_id'
    for (const org of [newId(), null, '', 7, [organizationId], { id: organizationId }, undefined])
      await expectProblem(ask(tokenOf(scene(), { [claim]: org })), 401, 'unauthorized')
  })
})

describe('a token of our own issuer', () => {
  it('is good where its person is a member, and nowhere else', async () => {
    const stranger = openBrowser(server)
    await stranger.signUp('eve@example.org')
    const eve = Me.parse((await stranger.get('/me')).json())
    expect((await ask(tokenOf(ownScene(), { org: foreignOrganizationId }))).json()).toMatchObject({ role: 'owner' })
    const claims = [{ org: eve.organization_id }, { sub: eve.id }, { sub: newId() }, { sub: 'auth0|42' }]
    for (const each of claims) await expectProblem(ask(tokenOf(ownScene(), each)), 401, 'unauthorized')
  })

  it('cannot say its role or its projects itself', async () => {
    const answer = await ask(tokenOf(ownScene(), { role: 'owner', roles: 'photo-admin', projects: [], scope: '*' }))
    expect(answer.json()).toMatchObject({ role: 'member' })
  })

  it('ends with the membership', async () => {
    const token = tokenOf(ownScene(), { jti: 'leaving' })
    expect((await ask(token)).statusCode).toBe(200)
    const { database, credentialCache } = server.deps
    await database.memberships.remove(organizationId, userId)
    credentialCache.forget(userId)
    await expectProblem(ask(token), 401, 'unauthorized')
  })
})

describe('a token of another issuer', () => {
  it('has the highest role that its claims stand for, and none that is not mapped', async () => {
    const roleOf = async (roles: unknown) => {
      const answer = await ask(tokenOf(externalScene(), { roles }))
      return answer.statusCode === 200 ? Me.parse(answer.json()).role : answer.statusCode
    }
    expect(await roleOf('photo-admin')).toBe('admin')
    expect(await roleOf(['other', 'photo-user', 'photo-admin'])).toBe('admin')
    for (const roles of ['owner', 'admin', 'photo-owner', '', null, undefined, 1, {}, [], [['photo-user']], 'toString'])
      expect([roles, await roleOf(roles)]).toEqual([roles, 401])
  })

  it('is never taken for one of our people', async () => {
    const answer = await ask(tokenOf(externalScene(), { sub: userId }))
    expect(answer.json()).toMatchObject({ kind: 'user', id: `external:${userId}`, user: null })
  })

  it('is good by every key that the issuer publishes, and by none of ours', async () => {
    const byEc = { ...externalScene(), signer: ec, header: { alg: 'ES256', kid: 'ec-1', typ: 'at+JWT' } }
    expect((await ask(tokenOf(byEc))).statusCode).toBe(200)
    const byOurs = { ...externalScene(), signer: ed, header: { alg: 'EdDSA', kid: 'own-1', typ: 'JWT' } }
    await expectProblem(ask(tokenOf(byOurs)), 401, 'unauthorized')
    const untyped = { ...externalScene(), header: { alg: 'RS256', kid: 'rsa-1' } }
    await expectProblem(ask(tokenOf(untyped)), 401, 'unauthorized')
  })

  it('makes no request to anybody unless its claims are good', async () => {
    const { asked } = issuer.state
    for (const more of [{ iss: 'https://evil.example' }, { aud: 'x' }, { exp: 1 }, { roles: 'x' }]) {
      const scene = externalScene()
      const token = tokenOf({ ...scene, header: { ...scene.header, kid: 'new' } }, more)
      await expectProblem(ask(token), 401, 'unauthorized')
    }
    expect(issuer.state.asked).toBe(asked)
  })
})
