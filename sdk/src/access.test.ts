import { afterEach, beforeEach, expect, test } from 'vitest'
import { type CalotypeError, createCalotype } from './index.ts'
import { type FakeServer, startFakeServer } from './testing/fake-server.ts'

let server: FakeServer
beforeEach(async () => {
  server = await startFakeServer()
})
afterEach(() => server.close())

const api = () => createCalotype({ baseUrl: server.baseUrl })
const calls = () => server.received.map(({ method, path, body }) => [method, path, body].join(' ').trim())

test('accounts speak to their own paths, with an invitation in a header', async () => {
  server.answers({ status: 200, json: {} })
  await api().account.signUp({ name: 'Ada', email: 'a@b.c', password: 'pw', invitation: 'inv-1' })
  await api().account.signIn({ email: 'a@b.c', password: 'pw' })
  expect(calls()).toEqual([
    'POST /api/auth/sign-up/email {"name":"Ada","email":"a@b.c","password":"pw"}',
    'POST /api/auth/sign-in/email {"email":"a@b.c","password":"pw"}',
  ])
  expect(server.received[0]?.headers).toMatchObject({ 'x-calotype-invitation': 'inv-1', 'x-calotype-console': '1' })
  expect(server.received[1]?.headers['x-calotype-invitation']).toBeUndefined()
})

test('a refusal in the form of the account library keeps its code and message', async () => {
  server.answers({ status: 401, json: { code: 'INVALID_EMAIL_OR_PASSWORD', message: 'Invalid email or password' } })
  const error: CalotypeError = await api()
    .account.signIn({ email: 'a', password: 'b' })
    .catch(thrown => thrown)
  expect(error).toMatchObject({ code: 'INVALID_EMAIL_OR_PASSWORD', detail: 'Invalid email or password', status: 401 })
})

test('signing in does not wait silently when it is limited', async () => {
  server.answers({ status: 429, json: { message: 'Too many requests.' }, headers: { 'x-retry-after': '40' } })
  const error: CalotypeError = await api()
    .account.signIn({ email: 'a', password: 'b' })
    .catch(thrown => thrown)
  expect(error).toMatchObject({ status: 429, retryAfterMs: 40_000 })
  expect(server.received).toHaveLength(1)
})

test('nobody signed in is null', async () => {
  server.answers((_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('null'))
  expect(await api().account.current()).toBeNull()
})

test('short lists are read to their end', async () => {
  server.answers(
    { status: 200, json: { items: [{ user_id: 'a' }], next_cursor: 'c' } },
    { status: 200, json: { items: [{ user_id: 'b' }], next_cursor: null } },
  )
  expect(await api().organizations.members('O')).toHaveLength(2)
  expect(calls()).toEqual([
    'GET /api/v1/organizations/O/members?limit=200',
    'GET /api/v1/organizations/O/members?cursor=c&limit=200',
  ])
})

test('webhooks and the pipeline speak to their own paths', async () => {
  server.answers({ status: 200, json: {} })
  const { webhooks, pipeline } = api()
  await webhooks.get('W')
  await webhooks.create({ url: 'https://a.test/', events: ['image.ready'], project_id: 'P' })
  await webhooks.change('W', { enabled: false })
  await webhooks.rotateSecret('W')
  await webhooks.deliveries('W', { status: 'failed', cursor: 'c' })
  await webhooks.replay('W', 'D')
  await webhooks.replayFailed('W', new Date(0))
  await webhooks.delete('W')
  await pipeline.messages({ status: 'waiting', projectId: 'P' })
  await pipeline.resend('M')
  await pipeline.report('I', 'completed', { roof: true })
  expect(calls().map(line => line.replace('/api/v1', ''))).toEqual([
    'GET /webhooks/W',
    'POST /webhooks {"url":"https://a.test/","events":["image.ready"],"project_id":"P"}',
    'PATCH /webhooks/W {"enabled":false}',
    'POST /webhooks/W/rotate-secret',
    'GET /webhooks/W/deliveries?status=failed&cursor=c',
    'POST /webhooks/W/deliveries/D/replay',
    'POST /webhooks/W/replay {"since":"1970-01-01T00:00:00.000Z"}',
    'DELETE /webhooks/W',
    'GET /pipeline/messages?project_id=P&status=waiting',
    'POST /pipeline/messages/M/resend',
    'PATCH /images/I/status {"analysis_status":"completed","result":{"roof":true}}',
  ])
})

test('every call of access goes where the contract says', async () => {
  server.answers({ status: 200, json: {} })
  const { organizations, projects, apiKeys, securityLog, session } = api()
  await organizations.create('Roofers')
  await organizations.rename('O', 'Roofs')
  await organizations.changeMember('O', 'U', 'admin')
  await organizations.removeMember('O', 'U')
  await organizations.delete('O')
  await organizations.invitations.create('O', { email: 'a@b.c', role: 'member' })
  await organizations.invitations.revoke('O', 'I')
  await organizations.invitations.preview('t')
  await organizations.invitations.accept('t')
  await projects.create({ name: 'Roofs' })
  await projects.change('P', { max_bytes: 5 })
  await projects.delete('P')
  await apiKeys.create({ name: 'Camera', role: 'member' })
  await apiKeys.revoke('K')
  await securityLog.page({ event: 'key.created', projectId: 'P', cursor: 'c' })
  await session.access()
  await session.switchOrganization('O')
  expect(calls().map(line => line.replace('/api/v1', ''))).toEqual([
    'POST /organizations {"name":"Roofers"}',
    'PATCH /organizations/O {"name":"Roofs"}',
    'PATCH /organizations/O/members/U {"role":"admin"}',
    'DELETE /organizations/O/members/U',
    'DELETE /organizations/O',
    'POST /organizations/O/invitations {"email":"a@b.c","role":"member"}',
    'DELETE /organizations/O/invitations/I',
    'POST /invitations/preview {"token":"t"}',
    'POST /invitations/accept {"token":"t"}',
    'POST /projects {"name":"Roofs"}',
    'PATCH /projects/P {"max_bytes":5}',
    'DELETE /projects/P',
    'POST /api-keys {"name":"Camera","role":"member"}',
    'DELETE /api-keys/K',
    'GET /security-log?project_id=P&event=key.created&cursor=c',
    'GET /access',
    'PUT /session/organization {"organization_id":"O"}',
  ])
})
