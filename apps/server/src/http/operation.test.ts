import { sampleBytes } from '@calotype/core/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { PUBLIC_URL, startTestServer, type TestServer } from '../testing/test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

it('health tells of every part', async () => {
  expect((await server.app.inject({ url: '/api/health/liveness' })).json()).toEqual({ status: 'ok' })
  for (const url of ['/health', '/api/health/readiness']) {
    const answer = await server.app.inject({ url })
    const ok = { status: 'ok' }
    expect([answer.statusCode, answer.json()]).toMatchObject([
      200,
      { ...ok, parts: { database: ok, storage: ok, events: ok, queue: ok, engine: ok } },
    ])
  }
  const { health } = server.engine
  server.engine.health = () => ({ ...health(), ok: false })
  const sick = await server.app.inject({ url: '/health' })
  server.engine.health = health
  expect([sick.statusCode, sick.json().parts.engine.status]).toEqual([503, 'down'])
})

it('logs what happened, and no key, token, cookie or signature', async () => {
  const link = await server.issueConsoleLink()
  const token = link.split('=')[1] ?? ''
  const session = await server.app.inject({ method: 'POST', url: '/api/v1/session', payload: { token } })
  const image = await server.ready(sampleBytes(777))
  const asked = { file_name: 'a.jpg', file_size: 5, mime_type: 'image/jpeg' }
  const { upload_url } = (
    await server.call({ method: 'POST', url: '/api/v1/images/upload-url', payload: asked })
  ).json()
  await server.app.inject({
    method: 'PUT',
    url: upload_url.slice(PUBLIC_URL.length),
    payload: 'short',
    headers: { 'content-type': 'image/jpeg' },
  })
  const { download_url } = (await server.call({ url: `/api/v1/images/${image.id}/signed-url` })).json()
  await server.app.inject({ url: download_url.slice(PUBLIC_URL.length) })
  await server.app.inject({ url: '/api/v1/me', headers: { authorization: 'Bearer wrong-but-somebodys-secret' } })
  const logs = server.logs.join('')
  expect(logs).toContain(`"image_id":"${image.id}"`)
  expect(logs).toContain('"job":"image.process"')
  const signatures = [upload_url, download_url].map(
    url => /signature=(\w+)/.exec(url)?.[1] ?? 'the URL has no signature',
  )
  const cookie = /calotype_session=([^;]+)/.exec(String(session.headers['set-cookie']))?.[1] ?? 'there is no cookie'
  for (const secret of [server.ownerKey, token, cookie, 'wrong-but-somebodys-secret', ...signatures]) {
    expect(secret.length).toBeGreaterThan(20)
    expect(server.logs.filter(line => line.includes(secret))).toEqual([])
  }
})
