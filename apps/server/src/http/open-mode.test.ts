import { AccessInfo, Me } from '@calotype/contract'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openBrowser } from '../testing/browser.ts'
import { expectProblem } from '../testing/expect-problem.ts'
import { startTestServer, type TestServer } from '../testing/test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ env: { AUTH: 'open' } })
}, 60_000)
afterAll(() => server.close())

it('makes everybody the owner of the first organisation, and says so', async () => {
  const access = await server.app.inject({ url: '/api/v1/access' })
  expect(AccessInfo.parse(access.json())).toEqual({ mode: 'open', registration: 'open' })
  const nobody = Me.parse((await server.app.inject({ url: '/api/v1/me' })).json())
  const key = Me.parse((await server.call({ url: '/api/v1/me' })).json())
  expect(nobody).toMatchObject({ kind: 'user', role: 'owner', user: null, organization_id: key.organization_id })
  const project = await server.app.inject({ method: 'POST', url: '/api/v1/projects', payload: { name: 'open' } })
  expect(project.statusCode, project.body).toBe(201)
})

it('refuses a bad key all the same, and takes a cookie that is no good for none', async () => {
  const bad = server.app.inject({ url: '/api/v1/me', headers: { authorization: 'Bearer x' } })
  await expectProblem(bad, 401, 'unauthorized')
  const stale = await server.app.inject({
    url: '/api/v1/me',
    headers: { cookie: 'calotype_session=old; calotype.session_token=old.x' },
  })
  expect(stale.statusCode).toBe(200)
  const browser = openBrowser(server)
  await browser.signUp('ada@example.org')
  expect(Me.parse((await browser.get('/me')).json()).user?.email).toBe('ada@example.org')
})

it('does nothing for pages of other origins, which need no cookie here', async () => {
  const create = (headers: Record<string, string>) =>
    server.app.inject({ method: 'POST', url: '/api/v1/projects', payload: { name: `p-${headers.origin}` }, headers })
  for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:4000'])
    await expectProblem(create({ origin }), 403, 'forbidden')
  expect((await create({ origin: 'http://127.0.0.1:3999' })).statusCode).toBe(201)
  await expectProblem(server.app.inject({ url: '/api/v1/me', headers: { host: 'evil.example' } }), 403, 'foreign_host')
})
