import { ApiKeyList, type ApiKeyRequest, Me, NewApiKey } from '@calotype/contract'
import { MAX_API_KEYS, newId } from '@calotype/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectProblem } from '../../testing/expect-problem.ts'
import { startTestServer, type TestServer } from '../../testing/test-server.ts'

let server: TestServer
let projectId = ''
beforeAll(async () => {
  server = await startTestServer()
  projectId = Me.parse((await server.call({ url: '/api/v1/me' })).json()).default_project?.id ?? ''
})
afterAll(() => server.close())

type Body = Partial<ApiKeyRequest> | Record<string, unknown>

const post = (payload: Body, key = server.ownerKey) =>
  server.call({ method: 'POST', url: '/api/v1/api-keys', payload, headers: { authorization: `Bearer ${key}` } })
const revoke = (id: string, key = server.ownerKey) =>
  server.call({ method: 'DELETE', url: `/api/v1/api-keys/${id}`, headers: { authorization: `Bearer ${key}` } })
const list = async (query = '') => ApiKeyList.parse((await server.call({ url: `/api/v1/api-keys${query}` })).json())
const me = (key: string) => server.call({ url: '/api/v1/me', headers: { authorization: `Bearer ${key}` } })

async function make(payload: Body) {
  const answer = await post({ name: 'key', ...payload })
  expect(answer.statusCode, answer.body).toBe(201)
  expect(answer.headers['cache-control']).toBe('no-store')
  const { key: secret = '', ...key } = NewApiKey.parse(answer.json())
  return { secret, key }
}

describe('API keys over HTTP', () => {
  it('are made, shown once, used, listed without secret, and revoked at once', async () => {
    const expires_at = new Date(Date.now() + 3_600_000).toISOString()
    const { secret, key } = await make({ name: ' Website ', role: 'viewer', project_ids: [projectId], expires_at })
    const rights = { kind: 'api_key', role: 'viewer', scopes: null, project_ids: [projectId] }
    expect(key).toMatchObject({ ...rights, name: 'Website', expires_at, revoked_at: null, last_used_at: null })
    expect(Me.parse((await me(secret)).json())).toMatchObject({ id: key.id, role: 'viewer', actions: ['image.read'] })
    const { items } = await list()
    expect(items.find(({ id }) => id === key.id)).toEqual(key)
    const { body } = await server.call({ url: '/api/v1/api-keys' })
    for (const hidden of [secret, 'cal_key_', 'hash']) expect(body).not.toContain(hidden)
    expect(server.logs.join('')).not.toContain(secret)

    expect((await revoke(key.id)).statusCode).toBe(204)
    await expectProblem(me(secret), 401, 'unauthorized')
    expect((await revoke(key.id)).statusCode).toBe(204)
    expect((await list()).items.find(({ id }) => id === key.id)?.revoked_at).not.toBeNull()
  })

  it('of a service do what their scopes say and nothing else', async () => {
    const { secret } = await make({ kind: 'service', scopes: ['image.read'] })
    const headers = { authorization: `Bearer ${secret}` }
    expect((await server.call({ url: '/api/v1/images', headers })).statusCode).toBe(200)
    const upload = { file_name: 'a.jpg', file_size: 5, mime_type: 'image/jpeg' }
    const url = '/api/v1/images/upload-url'
    const answer = server.call({ method: 'POST', url, headers, payload: upload })
    expect((await expectProblem(answer, 403, 'forbidden')).details).toEqual({ reason: 'image.write' })
    await expectProblem(post({ name: 'x', role: 'viewer' }, secret), 403, 'forbidden')
  })

  it('are refused in the wrong shape, beyond their maker, and for projects of others', async () => {
    const admin = await make({ role: 'admin' })
    const wrong: Body[] = [
      {},
      { name: 'x' },
      { name: '', role: 'viewer' },
      { name: 'x', role: 'root' },
      { name: 'x', kind: 'service' },
      { name: 'x', kind: 'service', scopes: [] },
      { name: 'x', kind: 'service', scopes: ['access.manage'] },
      { name: 'x', role: 'viewer', scopes: ['image.delete'] },
      { name: 'x', role: 'viewer', project_ids: [] },
      { name: 'x', role: 'viewer', expires_at: new Date().toISOString() },
      { name: 'x', role: 'viewer', expires_at: 'tomorrow' },
    ]
    const before = (await list()).items.length
    for (const body of wrong) await expectProblem(post(body), 400, 'invalid_request')
    await expectProblem(post({ name: 'x', role: 'owner' }, admin.secret), 403, 'forbidden')
    await expectProblem(post({ name: 'x', role: 'viewer', project_ids: [newId()] }), 404, 'not_found')
    expect((await list()).items.length).toBe(before)
  })

  it('that are not there are 404, whoever asks', async () => {
    for (const id of [newId()]) await expectProblem(revoke(id), 404, 'not_found')
    await expectProblem(revoke('x'), 400, 'invalid_request')
  })

  it('are listed page by page', async () => {
    for (let index = 0; index < 3; index++) await make({ role: 'viewer' })
    const all = (await list('?limit=200')).items.map(({ id }) => id)
    const paged: string[] = []
    for (let query = '?limit=2'; query !== ''; ) {
      const page = await list(query)
      paged.push(...page.items.map(({ id }) => id))
      query = page.next_cursor === null ? '' : `?limit=2&cursor=${page.next_cursor}`
    }
    expect(paged).toEqual(all)
    await expectProblem(server.call({ url: '/api/v1/api-keys?cursor=x' }), 400, 'invalid_cursor')
  })

  it('are told when they were last used, without waiting for it', async () => {
    const { secret, key } = await make({ role: 'viewer' })
    expect((await me(secret)).statusCode).toBe(200)
    const lastUse = async () => (await list('?limit=200')).items.find(({ id }) => id === key.id)?.last_used_at
    await expect.poll(lastUse, { timeout: 15_000, interval: 250 }).not.toBeNull()
  })

  it('are at most so many', async () => {
    const live = (await list('?limit=200')).items.filter(({ revoked_at }) => revoked_at === null).length
    for (let index = live; index < MAX_API_KEYS; index++) await make({ role: 'viewer' })
    const problem = await expectProblem(post({ name: 'x', role: 'viewer' }), 409, 'api_key_limit')
    expect(problem.details).toEqual({ limit: MAX_API_KEYS, actual: MAX_API_KEYS })
  })
})
