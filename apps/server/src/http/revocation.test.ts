import type { AddressInfo } from 'node:net'
import { Me, NewApiKey } from '@calotype/contract'
import { newId } from '@calotype/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, openBrowser } from '../testing/browser.ts'
import { expectProblem } from '../testing/expect-problem.ts'
import { startTestServer, type TestServer } from '../testing/test-server.ts'

const RECHECK_MS = 100

let server: TestServer
let address = ''
let projectId = ''
let organizationId = ''
beforeAll(async () => {
  server = await startTestServer()
  server.deps.streamRecheckMs = RECHECK_MS
  await server.app.listen({ port: 0, host: '127.0.0.1' })
  const bound: AddressInfo | string | null = server.app.server.address()
  address = `http://127.0.0.1:${typeof bound === 'object' && bound ? bound.port : 0}`
  const me = Me.parse((await server.call({ url: '/api/v1/me' })).json())
  projectId = me.default_project?.id ?? ''
  organizationId = me.organization_id
})
afterAll(() => server.close())

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const meOf = (token: string) => server.call({ url: '/api/v1/me', headers: bearer(token) })

async function makeKey(payload: object) {
  const answer = await server.call({ method: 'POST', url: '/api/v1/api-keys', payload: { name: 'key', ...payload } })
  const { id, key = '' } = NewApiKey.parse(answer.json())
  return { id, key }
}

/** Somebody who signed up and is a member of the first organisation, with a token for it. */
async function newMember(email: string): Promise<{ browser: Browser; id: string; token: string }> {
  const browser = openBrowser(server)
  await browser.signUp(email)
  const { id } = Me.parse((await browser.get('/me')).json())
  const membership = { id: newId(), organizationId, userId: id, role: 'member' as const, joinedAt: new Date() }
  await server.deps.database.memberships.add(membership)
  const [url, payload] = ['/api/v1/session/organization', { organization_id: organizationId }]
  const moved = await browser.send({ method: 'PUT', url, payload })
  expect(moved.statusCode, moved.body).toBeLessThan(300)
  const answer = await browser.send({ url: '/api/auth/token' })
  expect(answer.statusCode, answer.body).toBe(200)
  return { browser, id, token: String(answer.json().token) }
}

const removeMember = (userId: string) =>
  server.call({ method: 'DELETE', url: `/api/v1/organizations/${organizationId}/members/${userId}` })

/** An open stream, and everything that it says until it ends. */
async function openStream(headers: Record<string, string>) {
  const answer = await fetch(`${address}/api/v1/projects/${projectId}/events`, { headers })
  expect(answer.status).toBe(200)
  let over = false
  const text = answer.text().then(said => {
    over = true
    return said
  })
  return { text, isOver: () => over }
}

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

describe('a revoked key', () => {
  it('ends calls and new signatures at once, and open streams at the next look', async () => {
    const { id, key } = await makeKey({ role: 'viewer' })
    const other = await makeKey({ role: 'viewer' })
    const [ends, stays] = [await openStream(bearer(key)), await openStream(bearer(other.key))]
    await pause(3 * RECHECK_MS)
    expect([ends.isOver(), stays.isOver()]).toEqual([false, false])
    const signing = () =>
      server.call({
        method: 'POST',
        url: '/api/v1/images/signed-urls',
        payload: { image_ids: [newId()] },
        headers: bearer(key),
      })
    expect((await signing()).statusCode).toBe(200)
    await server.call({ method: 'DELETE', url: `/api/v1/api-keys/${id}` })
    await expectProblem(meOf(key), 401, 'unauthorized')
    await expectProblem(signing(), 401, 'unauthorized')
    expect(await ends.text).toContain('no longer read here')
    expect(stays.isOver()).toBe(false)
    await server.call({ method: 'DELETE', url: `/api/v1/api-keys/${other.id}` })
    await stays.text
  })

  it('ends everywhere within seconds, even where nobody said so', async () => {
    const { id, key } = await makeKey({ role: 'viewer' })
    const stream = await openStream(bearer(key))
    expect((await meOf(key)).statusCode).toBe(200)
    // Another process revokes it: nothing in this one is told.
    await server.deps.database.credentials.revokeApiKey(organizationId, id, new Date())
    await expect.poll(async () => (await meOf(key)).statusCode, { timeout: 10_000, interval: 200 }).toBe(401)
    await stream.text
  })
})

describe('a removed member', () => {
  it('is out with token, session and stream', async () => {
    const { browser, id, token } = await newMember('ada@example.org')
    expect(Me.parse((await meOf(token)).json())).toMatchObject({ kind: 'user', id, role: 'member' })
    const cookie = [...browser.jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const streams = [await openStream(bearer(token)), await openStream({ cookie, host: '127.0.0.1' })]
    await pause(3 * RECHECK_MS)
    expect(streams.map(each => each.isOver())).toEqual([false, false])
    expect((await removeMember(id)).statusCode).toBe(204)
    await expectProblem(meOf(token), 401, 'unauthorized')
    for (const { text } of streams) expect(await text).toContain('no longer read here')
    expect((await browser.get(`/images?project_id=${projectId}`)).statusCode).toBe(404)
  })

  it('who becomes a viewer loses what members may', async () => {
    const { id, token } = await newMember('grace@example.org')
    const upload = () =>
      server.call({
        method: 'POST',
        url: '/api/v1/images/upload-url',
        payload: { file_name: 'a.jpg', file_size: 5, mime_type: 'image/jpeg' },
        headers: bearer(token),
      })
    expect((await upload()).statusCode).toBe(201)
    const url = `/api/v1/organizations/${organizationId}/members/${id}`
    await server.call({ method: 'PATCH', url, payload: { role: 'viewer' } })
    await expectProblem(upload(), 403, 'forbidden')
  })
})
