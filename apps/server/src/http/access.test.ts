import { readFile } from 'node:fs/promises'
import { ERROR_CODES, Me } from '@calotype/contract'
import { newId } from '@calotype/core'
import type { OpenAPIV3_1 } from 'openapi-types'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectProblem } from '../testing/expect-problem.ts'
import { PUBLIC_URL, startTestServer, type TestServer } from '../testing/test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const METHODS = ['get', 'put', 'post', 'patch', 'delete'] as const

/** Every operation of the OpenAPI document, with an address to call it at. */
async function operations() {
  const document: OpenAPIV3_1.Document = (await server.app.inject({ url: '/openapi.json' })).json()
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    METHODS.flatMap(method => {
      const operation = item?.[method]
      const url = path.replaceAll(/\{\w+\}/g, newId())
      return operation ? [{ method, path, url, open: operation.security?.length === 0 }] : []
    }),
  )
}

const OPEN = [
  'get /api/health/liveness',
  'get /api/health/readiness',
  'get /api/v1/access',
  'get /health',
  'get /metrics',
  'post /api/v1/invitations/preview',
  'post /api/v1/session',
  'put /api/v1/uploads/direct/{id}',
]

describe('every operation', () => {
  it('needs a credential unless it says otherwise', async () => {
    const all = await operations()
    expect(all.length).toBeGreaterThan(15)
    expect(
      all
        .filter(each => each.open)
        .map(each => `${each.method} ${each.path}`)
        .sort(),
    ).toEqual(OPEN)
  })

  it('answers 401 without a good one, before it looks at anything else', async () => {
    const bad = [
      'Bearer x',
      `Bearer ${server.ownerKey}x`,
      `Basic ${server.ownerKey}`,
      'Bearer',
      server.ownerKey,
      'Bearer  ',
      `Bearer ${'x'.repeat(9_000)}`,
      `bearer ${server.ownerKey} x`,
    ]
    for (const { method, url, open } of await operations()) {
      if (open) continue
      for (const authorization of [undefined, ...bad]) {
        const headers = { 'content-type': 'application/json', ...(authorization ? { authorization } : {}) }
        const broken = method === 'get' ? {} : { payload: '{broken' }
        const answer = await server.app.inject({ method, url: `${url}?limit=x`, headers, ...broken })
        await expectProblem(answer, 401, 'unauthorized')
        expect(answer.headers['www-authenticate']).toMatch(/^Bearer/)
      }
    }
  })

  it('takes a good one, however Bearer is spelled', async () => {
    const answer = await server.app.inject({
      url: '/api/v1/me',
      headers: { authorization: `bEARER ${server.ownerKey}` },
    })
    expect(Me.parse(answer.json())).toMatchObject({
      kind: 'api_key',
      role: 'owner',
      default_project: { name: 'default' },
    })
  })
})

describe('the console’s session', () => {
  async function signIn() {
    const link = await server.issueConsoleLink()
    expect(link.startsWith(`${PUBLIC_URL}/#token=cal_link_`)).toBe(true)
    const token = link.split('#token=')[1] ?? ''
    const answer = await server.app.inject({ method: 'POST', url: '/api/v1/session', payload: { token } })
    return { link, token, answer, cookie: String(answer.headers['set-cookie'] ?? '') }
  }
  const withCookie = (cookie: string, method: 'GET' | 'POST' | 'DELETE', url: string, headers = {}) =>
    server.app.inject({ method, url: `/api/v1${url}`, headers: { cookie: cookie.split(';')[0] ?? '', ...headers } })

  it('comes from a link, once, in a cookie that scripts and other sites do not get', async () => {
    const { answer, cookie, token, link } = await signIn()
    expect(answer.statusCode).toBe(204)
    for (const trait of ['HttpOnly', 'SameSite=Strict', 'Path=/', 'Expires=']) expect(cookie).toContain(trait)
    expect((await readFile(`${server.directory}/console-link`, 'utf8')).trim()).toBe(link)
    const again = server.app.inject({ method: 'POST', url: '/api/v1/session', payload: { token } })
    await expectProblem(again, 401, 'unauthorized')
    await expectProblem(
      server.app.inject({ method: 'POST', url: '/api/v1/session', payload: {} }),
      400,
      'invalid_request',
    )
    expect((await withCookie(cookie, 'GET', '/me')).json()).toMatchObject({ kind: 'user', role: 'owner' })
  })

  it('needs the console’s header for whatever changes something', async () => {
    const { cookie } = await signIn()
    const unsafe = (await operations()).filter(each => each.method !== 'get' && !each.open)
    expect(unsafe.length).toBeGreaterThan(5)
    for (const { method, url } of unsafe) {
      const headers = { cookie: cookie.split(';')[0] ?? '', 'content-type': 'application/json' }
      const answer = server.app.inject({ method, url, headers, payload: '{broken' })
      expect((await expectProblem(answer, 403, 'forbidden')).details).toEqual({ reason: 'cross_site' })
    }
    await expectProblem(
      withCookie(cookie, 'DELETE', `/images/${newId()}`, { 'x-calotype-console': '1' }),
      404,
      'not_found',
    )
  })

  it('does not stand in for a bad key, and ends when it is signed out', async () => {
    const { cookie } = await signIn()
    await expectProblem(withCookie(cookie, 'GET', '/me', { authorization: 'Bearer x' }), 401, 'unauthorized')
    await expectProblem(withCookie(cookie, 'DELETE', '/session'), 403, 'forbidden')
    expect((await withCookie(cookie, 'DELETE', '/session', { 'x-calotype-console': '1' })).statusCode).toBe(204)
    await expectProblem(withCookie(cookie, 'GET', '/me'), 401, 'unauthorized')
  })
})

describe('errors', () => {
  it('are explained where their type points', async () => {
    const problem = await expectProblem(server.call({ url: `/api/v1/images/${newId()}` }), 404, 'not_found')
    const [address = '', anchor = ''] = problem.type.slice(PUBLIC_URL.length).split('#')
    const page = await server.app.inject({ url: address })
    expect([page.statusCode, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
    for (const code of [anchor, ...Object.keys(ERROR_CODES)]) expect(page.body).toContain(`<section id="${code}">`)
  })

  it('have the same form for paths that lead nowhere', async () => {
    for (const url of ['/api/v1/nothing', '/nothing', '/api/v2', '/cdn/x', '/images/a/b'])
      await expectProblem(server.call({ url }), 404, 'not_found')
    for (const url of ['/..%2f..%2fetc/passwd', '/%00', '/assets/a%00b', '/..%5c..%5cx'])
      await expectProblem(server.call({ url }), 404, 'not_found')
    for (const url of ['/api/v1/images/%E0%A4%A', '/%ff'])
      await expectProblem(server.call({ url }), 400, 'invalid_request')
  })

  it('take over a safe request id and make one for any other', async () => {
    const idFor = async (given: string) =>
      (await server.app.inject({ url: '/health', headers: { 'x-request-id': given } })).headers['x-request-id']
    for (const safe of ['a', 'A-b_c.d:e', 'x'.repeat(128)]) expect(await idFor(safe)).toBe(safe)
    for (const unsafe of ['', 'a b', 'x'.repeat(129), 'a"b', 'é'])
      expect(await idFor(unsafe)).toMatch(/^[A-Za-z0-9._:-]{10,128}$/)
  })
})
