import { setTimeout as sleep } from 'node:timers/promises'
import { SecurityLog } from '@calotype/contract'
import { corruptImage, newId } from '@calotype/core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { expectProblem } from '../testing/expect-problem.ts'
import { startTestServer, type TestServer } from '../testing/test-server.ts'
import { UPLOAD_ROUTES } from './security-watch.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ env: { TRUST_PROXY: '127.0.0.1', UPLOAD_URLS_PER_MINUTE: '20' } })
})
afterAll(() => server.close())

/** Entries are written within a second. */
const FLUSHED_MS = 1_200

async function entries(query = '') {
  await sleep(FLUSHED_MS)
  const answer = await server.call({ url: `/api/v1/security-log${query}` })
  return SecurityLog.parse(answer.json()).items
}
const post = (url: string, payload: object, headers = {}) =>
  server.call({ method: 'POST', url: `/api/v1${url}`, payload, headers })
const makeKey = async (more: object) => (await post('/api-keys', { name: 'k', ...more })).json()

it('tells who was refused what, from where and by which rule, once for all repeats', async () => {
  const viewer = await makeKey({ role: 'viewer' })
  const headers = {
    authorization: `Bearer ${viewer.key}`,
    'x-forwarded-for': '203.0.113.9',
    'x-request-id': 'refused-1',
  }
  const remove = () => server.call({ method: 'DELETE', url: `/api/v1/api-keys/${newId()}`, headers })
  for (let times = 0; times < 3; times++) await expectProblem(remove(), 403, 'forbidden')
  const [entry] = await entries('?event=access.refused')
  expect(entry).toMatchObject({
    ...{ actor: { kind: 'api_key', id: viewer.id }, ip: '203.0.113.9', code: 'forbidden', count: 3 },
    detail: 'DELETE /api/v1/api-keys/:id: This credential may not do this (access.manage).',
    request_id: 'refused-1',
  })
})

it('tells of refused uploads at every door, with the reason', async () => {
  const file = { file_name: 'a.jpg', mime_type: 'image/jpeg', file_size: 10 }
  await post('/images/upload-url', { ...file, mime_type: 'text/html' })
  await server.upload(Buffer.from('x'), { file: { type: 'text/html' } })
  await post('/images/upload-urls', { items: [{ ...file, file_name: '' }, { ...file, file_size: 10 ** 12 }, file] })
  const { upload_url } = (await post('/images/upload-url', file)).json()
  await server.app.inject({ method: 'PUT', url: upload_url.replace(/.$/, 'x'), payload: 'x'.repeat(10) })
  server.engine.error = corruptImage('drawn so')
  await server.upload(Buffer.from('not a picture'), { query: '?wait=ready' })
  server.engine.error = null
  const found = await entries('?event=upload.refused')
  const codes = found.map(entry => entry.code)
  expect(codes).toEqual(expect.arrayContaining(['unsupported_media_type', 'invalid_file_name', 'file_too_large']))
  expect(found.find(entry => entry.code === 'unsupported_media_type')?.count).toBe(2)
  // The verdict of the worker, once, with whose upload it was.
  expect(found.filter(entry => entry.code === 'corrupt_image')).toMatchObject([
    {
      count: 1,
      actor: { kind: 'api_key' },
      project_id: expect.any(String),
      detail: expect.stringMatching(/^Image 01/),
    },
  ])
  // Nobody knows whose upload that was: the program's own log has it.
  expect(
    server.logs.some(line => line.includes('"event":"upload.refused"') && line.includes('invalid_signature')),
  ).toBe(true)
})

it('tells whose credential it was that is good no longer', async () => {
  const key = await makeKey({ role: 'member' })
  await server.call({ method: 'DELETE', url: `/api/v1/api-keys/${key.id}` })
  const headers = { authorization: `Bearer ${key.key}` }
  await expectProblem(server.call({ url: '/api/v1/me', headers }), 401, 'unauthorized')
  expect(await entries('?event=credential.refused')).toMatchObject([
    { actor: { kind: 'api_key', id: key.id }, code: 'unauthorized', ip: '127.0.0.1' },
  ])
  await server.call({ url: '/api/v1/me', headers: { authorization: 'Bearer cal_key_nobody' } })
  const told = () => server.logs.filter(line => line.includes('"event":"credential.refused"'))
  await expect.poll(() => told().some(line => line.includes('"organization_id":null'))).toBe(true)
  expect(await entries('?event=credential.refused')).toHaveLength(1)
  expect(told().join('')).not.toContain(key.key)
})

it('tells of rate limits', async () => {
  const file = { file_name: 'a.jpg', mime_type: 'image/jpeg', file_size: 10 }
  for (let times = 0; times < 25; times++) await post('/images/upload-url', file)
  expect((await entries('?event=rate.limited'))[0]).toMatchObject({ code: 'rate_limited', actor: { kind: 'api_key' } })
})

it('tells of keys that were made and revoked, and never of their secret', async () => {
  const { id, key } = await makeKey({ role: 'member' })
  await server.call({ method: 'DELETE', url: `/api/v1/api-keys/${id}` })
  const found = (await entries()).filter(entry => entry.detail.includes(id))
  expect(found.map(entry => entry.event)).toEqual(['key.revoked', 'key.created'])
  expect(JSON.stringify(found)).not.toContain(key)
})

it('is for those who manage access, in pages', async () => {
  const viewer = await makeKey({ role: 'member' })
  const headers = { authorization: `Bearer ${viewer.key}` }
  await expectProblem(server.call({ url: '/api/v1/security-log', headers }), 403, 'forbidden')
  await expectProblem(server.call({ url: '/api/v1/security-log?cursor=x' }), 400, 'invalid_cursor')
  await expectProblem(server.call({ url: '/api/v1/security-log?event=x' }), 400, 'invalid_request')
  await sleep(FLUSHED_MS)
  const first = SecurityLog.parse((await server.call({ url: '/api/v1/security-log?limit=2' })).json())
  const next = await server.call({ url: `/api/v1/security-log?limit=2&cursor=${first.next_cursor}` })
  const ids = [...first.items, ...SecurityLog.parse(next.json()).items].map(entry => entry.id)
  expect(ids).toEqual([...new Set(ids)].sort().reverse())
})

it('knows the upload routes by their true names', () => {
  const routes = server.app.printRoutes({ commonPrefix: false })
  const methodOf = (url: string) => (url.includes('direct') ? 'PUT' : url.includes('resumable/') ? 'PATCH' : 'POST')
  for (const url of UPLOAD_ROUTES) expect(server.app.hasRoute({ method: methodOf(url), url }), routes).toBe(true)
})
