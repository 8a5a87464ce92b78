import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { Me } from '@calotype/contract'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openBrowser, PASSWORD } from '../testing/browser.ts'
import { expectProblem } from '../testing/expect-problem.ts'
import { startTestServer, type TestServer } from '../testing/test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

let count = 0
const newEmail = () => `ada-${++count}@example.org`

async function newPerson(name?: string) {
  const email = newEmail()
  const browser = openBrowser(server)
  const answer = await browser.signUp(email, name === undefined ? {} : { name })
  expect(answer.statusCode, answer.body).toBe(200)
  return { email, browser, answer }
}
const meOf = async (browser: ReturnType<typeof openBrowser>) => Me.parse((await browser.get('/me')).json())

describe('an account', () => {
  it('signs its maker in, with an organisation of its own, in a cookie that scripts and other sites do not get', async () => {
    const { email, browser, answer } = await newPerson('Grace Hopper')
    const cookie = String(answer.headers['set-cookie'])
    for (const trait of ['calotype.session_token=', 'HttpOnly', 'SameSite=Strict', 'Path=/', 'Max-Age=2592000'])
      expect(cookie).toContain(trait)
    expect(cookie).not.toContain('Secure')
    expect(await meOf(browser)).toMatchObject({
      ...{ kind: 'user', role: 'owner', user: { name: 'Grace Hopper', email } },
      ...{ organization: { name: "Grace's organisation" }, default_project: { name: 'default' } },
    })
  })

  it('never shows the session’s secret to a page', async () => {
    const { email, browser, answer } = await newPerson()
    const secret = decodeURIComponent(browser.jar.get('calotype.session_token') ?? '').split('.')[0] ?? ''
    expect(secret.length).toBeGreaterThan(20)
    const shown = [
      answer,
      await browser.send({ url: '/api/auth/get-session' }),
      await openBrowser(server).signIn(email),
    ]
    for (const { statusCode, body } of shown) {
      expect(statusCode).toBe(200)
      expect(body).not.toContain(secret)
      expect(body).toContain(email)
      expect(body).not.toMatch(/"token":"/)
    }
  })

  it('is signed in and out, anywhere, with the address in any case', async () => {
    const { email, browser } = await newPerson()
    const other = openBrowser(server)
    expect((await other.signIn(email.toUpperCase())).statusCode).toBe(200)
    const { id } = await meOf(other)
    expect((await meOf(browser)).id).toBe(id)
    const kept = new Map(browser.jar)
    expect((await browser.auth('sign-out', {})).statusCode).toBe(200)
    await expectProblem(browser.get('/me'), 401, 'unauthorized')
    expect((await other.get('/me')).statusCode).toBe(200)
    // The cookie of a session that ended is worth nothing, nor is one that was altered.
    for (const [name, value] of kept) browser.jar.set(name, value)
    await expectProblem(browser.get('/me'), 401, 'unauthorized')
    for (const [name, value] of other.jar)
      browser.jar.set(
        name,
        value.replace(/^./, first => (first === 'a' ? 'b' : 'a')),
      )
    await expectProblem(browser.get('/me'), 401, 'unauthorized')
  })

  it('is refused for an address that has one, and for passwords that are too short or too long', async () => {
    const { email } = await newPerson()
    const browser = openBrowser(server)
    expect((await browser.signUp(email.toUpperCase())).statusCode).toBe(422)
    for (const length of [9, 129]) {
      const answer = await browser.auth('sign-up/email', { name: 'A', email: newEmail(), password: 'x'.repeat(length) })
      expect(answer.statusCode).toBe(400)
    }
    for (const length of [10, 128]) {
      const answer = await browser.auth('sign-up/email', { name: 'A', email: newEmail(), password: 'x'.repeat(length) })
      expect(answer.statusCode).toBe(200)
    }
  })

  it('has a name, an address and a picture of bounded length without control characters', async () => {
    const browser = openBrowser(server)
    const good = { name: 'Ada', email: newEmail(), password: PASSWORD }
    const long = `${'a'.repeat(250)}@example.org`
    for (const wrong of [
      { name: 'x'.repeat(201) },
      { name: ' ' },
      { name: 'a\nb' },
      { email: long },
      { image: 'x'.repeat(2_049) },
    ]) {
      const answer = await browser.auth('sign-up/email', { ...good, ...wrong })
      expect(answer.statusCode, answer.body).toBe(400)
      expect(answer.json().code).toBe('invalid_request')
    }
    expect(browser.jar.size).toBe(0)
  })

  it('gives a token for other programs, which says who, where and until when, and works', async () => {
    const { browser } = await newPerson()
    const me = await meOf(browser)
    const { token } = (await browser.send({ url: '/api/auth/token' })).json()
    const [head, claims] = String(token)
      .split('.')
      .slice(0, 2)
      .map(part => JSON.parse(Buffer.from(part, 'base64url').toString()))
    const issuer = 'http://127.0.0.1:3999'
    expect(claims).toMatchObject({ iss: issuer, aud: issuer, sub: me.id, org: me.organization_id })
    expect(claims.exp - claims.iat).toBe(900)
    const { keys } = (await server.app.inject({ url: '/api/auth/jwks' })).json()
    expect(keys.map((key: { kid: string }) => key.kid)).toContain(head.kid)
    for (const key of keys) expect(Object.keys(key)).not.toContain('d')
    const answer = await server.app.inject({ url: '/api/v1/me', headers: { authorization: `Bearer ${token}` } })
    expect(Me.parse(answer.json()).id).toBe(me.id)
    expect((await openBrowser(server).send({ url: '/api/auth/token' })).statusCode).toBe(401)
  })
})

describe('a password', () => {
  it('that is changed ends every other session, and not the place that was worked in', async () => {
    const { email, browser } = await newPerson()
    const { id } = (await browser.post('/organizations', { name: 'Second' })).json()
    const switched = await browser.send({
      ...{ method: 'PUT', url: '/api/v1/session/organization', payload: { organization_id: id } },
    })
    expect(switched.statusCode, switched.body).toBe(204)
    const other = openBrowser(server)
    await other.signIn(email)
    const change = { currentPassword: PASSWORD, newPassword: 'another long password', revokeOtherSessions: false }
    expect((await browser.auth('change-password', { ...change, currentPassword: 'wrong password' })).statusCode).toBe(
      400,
    )
    expect((await browser.auth('change-password', change)).statusCode).toBe(200)
    await expectProblem(other.get('/me'), 401, 'unauthorized')
    expect((await meOf(browser)).organization_id).toBe(id)
    expect((await other.signIn(email)).statusCode).toBe(401)
    expect((await other.signIn(email, 'another long password')).statusCode).toBe(200)
  })

  it('that is forgotten is set anew by a mail, once, and every session ends', async () => {
    const { email, browser } = await newPerson()
    const outbox = path.join(server.directory, 'outbox')
    const known = new Set(await readdir(outbox).catch(() => []))
    const asked = await browser.auth('request-password-reset', { email })
    const stranger = await browser.auth('request-password-reset', { email: 'nobody@example.org' })
    expect([asked.statusCode, asked.body]).toEqual([stranger.statusCode, stranger.body])
    const name = await vi.waitFor(async () => {
      const [found] = (await readdir(outbox)).filter(file => !known.has(file) && file.endsWith('.eml'))
      if (found === undefined) throw new Error('no mail yet')
      return found
    }, 5_000)
    const file = path.join(outbox, name)
    expect([(await stat(file)).mode & 0o777, (await stat(outbox)).mode & 0o777]).toEqual([0o600, 0o700])
    const text = (await readFile(file, 'utf8')).replaceAll(/=\r\n/g, '').replaceAll('=3D', '=')
    const token = /#reset=([\w-]+)/.exec(text)?.[1] ?? ''
    expect(text).toContain(`To: ${email}`)
    expect(token).not.toBe('')
    const attempts = [1, 2].map(() =>
      openBrowser(server).auth('reset-password', { token, newPassword: 'a brand new password' }),
    )
    const codes = (await Promise.all(attempts)).map(answer => answer.statusCode)
    expect(codes.sort()).toEqual([200, 400])
    await expectProblem(browser.get('/me'), 401, 'unauthorized')
    expect((await openBrowser(server).signIn(email, 'a brand new password')).statusCode).toBe(200)
    const logs = server.logs.join('')
    expect(logs).toContain(name.slice(0, 26))
    for (const secret of [token, email]) expect(logs).not.toContain(secret)
    const files = (await readdir(outbox)).filter(each => !known.has(each))
    expect(files).toEqual([name])
  })

  it('that is wrong and an account that is not there look the same', async () => {
    const { email } = await newPerson()
    const wrong = await openBrowser(server).signIn(email, 'not this password')
    const unknown = await openBrowser(server).signIn(newEmail(), 'not this password')
    expect([wrong.statusCode, wrong.body]).toEqual([401, unknown.body])
    expect(unknown.statusCode).toBe(401)
    const timed = async (address: string) => {
      const started = performance.now()
      await openBrowser(server).signIn(address, 'not this password')
      return performance.now() - started
    }
    const times: { wrong: number[]; unknown: number[] } = { wrong: [], unknown: [] }
    for (let round = 0; round < 9; round++) {
      times.wrong.push(await timed(email))
      times.unknown.push(await timed(newEmail()))
    }
    const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
    // Without the hash that is made for nobody this is over 10.
    expect(median(times.wrong) / median(times.unknown)).toBeLessThan(2.5)
    expect(median(times.unknown) / median(times.wrong)).toBeLessThan(2.5)
  })
})

describe('the library', () => {
  it('answers only the calls that are wanted', async () => {
    const { browser } = await newPerson()
    const unwanted = [
      ...[
        'sign-in/social',
        'list-sessions',
        'revoke-session',
        'revoke-other-sessions',
        'verify-password',
        'change-email',
      ],
      ...[
        'update-session',
        'set-password',
        'link-social',
        'unlink-account',
        'list-accounts',
        'send-verification-email',
      ],
      ...[
        'get-access-token',
        'refresh-token',
        'account-info',
        'sign-jwt',
        'verify-jwt',
        '',
        '..',
        'sign-in/email/',
        'ok',
      ],
    ]
    for (const name of unwanted) {
      for (const method of ['GET', 'POST'] as const) {
        const answer = await browser.send({
          method,
          url: `/api/auth/${name}`,
          ...(method === 'POST' ? { payload: {} } : {}),
        })
        expect([name, method, answer.statusCode]).toEqual([name, method, 404])
      }
    }
    expect((await browser.send({ method: 'POST', url: '/api/auth/token', payload: {} })).statusCode).toBe(404)
  })

  it('does nothing for pages of other origins, and takes bodies up to a limit', async () => {
    const { email, browser } = await newPerson()
    const evil = { origin: 'https://evil.example' }
    const body = { email, password: PASSWORD }
    expect((await browser.auth('sign-in/email', body, evil)).statusCode).toBe(403)
    expect((await browser.auth('sign-out', {}, evil)).statusCode).toBe(403)
    expect((await openBrowser(server).auth('sign-in/email', body, evil)).statusCode).toBe(403)
    expect((await browser.get('/me')).statusCode).toBe(200)
    const large = await browser.auth('sign-in/email', { ...body, more: 'x'.repeat(17_000) })
    expect([large.statusCode, large.json().code]).toEqual([413, 'body_too_large'])
    for (const payload of ['', '{', '[]', 'null', '"x"', '{"email":1}']) {
      const answer = await browser.send({
        ...{ method: 'POST', url: '/api/auth/sign-in/email', payload, headers: { 'content-type': 'application/json' } },
      })
      expect([payload, answer.statusCode >= 400 && answer.statusCode < 500]).toEqual([payload, true])
    }
  })
})
