import { Me } from '@calotype/contract'
import { KEYS_REFETCH_MS } from '@calotype/jwt'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { expectProblem } from '../testing/expect-problem.ts'
import { createSigner, forge, type Signer } from '../testing/forge-tokens.ts'
import { startJwksServer } from '../testing/jwks-server.ts'
import { startTestServer, type TestServer } from '../testing/test-server.ts'

const [first, second] = [createSigner('ES256', 'k1'), createSigner('ES256', 'k2')]
let issuer: Awaited<ReturnType<typeof startJwksServer>>
let server: TestServer
let organizationId = ''
let projectId = ''
beforeAll(async () => {
  issuer = await startJwksServer([first])
  server = await startTestServer({
    env: {
      JWT_ISSUER: 'https://issuer.example',
      JWT_AUDIENCE: 'calotype-api',
      JWT_JWKS_URL: issuer.url,
      JWT_ORGANIZATION_CLAIM: 'org_id',
      JWT_ROLE_CLAIM: 'role',
      JWT_ROLE_MAP: 'user:member',
      JWT_PROJECTS_CLAIM: 'projects',
    },
  })
  const me = Me.parse((await server.call({ url: '/api/v1/me' })).json())
  organizationId = me.organization_id
  projectId = me.default_project?.id ?? ''
})
afterAll(async () => {
  vi.useRealTimers()
  await server.close()
  await issuer.close()
})

function ask(signer: Signer, claims: Record<string, unknown> = {}, url = '/api/v1/me') {
  const now = Math.floor(Date.now() / 1000)
  const good = { iss: 'https://issuer.example', aud: 'calotype-api', sub: 'me', exp: now + 60, jti: Math.random() }
  const token = forge(
    { alg: signer.alg, kid: signer.kid, typ: 'at+jwt' },
    { ...good, org_id: organizationId, role: 'user', projects: [projectId], ...claims },
    signer.sign,
  )
  return server.app.inject({ url, headers: { authorization: `Bearer ${token}` } })
}

/** The clock alone: connections and queries go on by real timers. */
const passTime = (ms: number) => vi.setSystemTime(Date.now() + ms)

describe('another issuer', () => {
  it('that is away before it was ever asked is a 503; its bad tokens and our keys are judged all the same', async () => {
    issuer.state.away = true
    const answer = await ask(first)
    await expectProblem(answer, 503, 'issuer_unavailable')
    expect(answer.headers['retry-after']).toBeDefined()
    await expectProblem(ask(first, { aud: 'x' }), 401, 'unauthorized')
    expect((await server.call({ url: '/api/v1/me' })).statusCode).toBe(200)
    issuer.state.away = false
    vi.useFakeTimers({ toFake: ['Date'] })
    passTime(KEYS_REFETCH_MS)
    expect((await ask(first)).statusCode).toBe(200)
  })

  it('that goes away later is not missed, and a new key of it is taken up', async () => {
    issuer.state.away = true
    passTime(KEYS_REFETCH_MS)
    await expectProblem(ask(second), 401, 'unauthorized')
    expect((await ask(first)).statusCode).toBe(200)
    issuer.state.away = false
    issuer.state.signers = [first, second]
    const { asked } = issuer.state
    for (let time = 0; time < 5; time++) await expectProblem(ask(second), 401, 'unauthorized')
    expect(issuer.state.asked).toBe(asked)
    passTime(KEYS_REFETCH_MS)
    expect((await ask(second)).statusCode).toBe(200)
    expect(issuer.state.asked).toBe(asked + 1)
  })

  it('bounds its people to the projects that it names', async () => {
    const images = `/api/v1/images?project_id=${projectId}`
    expect((await ask(first, {}, images)).statusCode).toBe(200)
    await expectProblem(ask(first, { projects: [] }, images), 404, 'not_found')
    await expectProblem(ask(first, { projects: [organizationId] }, images), 404, 'not_found')
    for (const projects of [undefined, null, '*', projectId, ['*']])
      await expectProblem(ask(first, { projects }, images), 401, 'unauthorized')
  })
})
