import { createMemoryRateLimiter } from '@calotype/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser } from '../testing/browser.ts'
import { startTestServer, type TestServer } from '../testing/test-server.ts'
import { COUNTED_CALLS, countAttempt, networkOf, rateHeaders, SIGN_IN_LIMIT } from './sign-in-limits.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
}, 60_000)
afterAll(() => server.close())

describe('sign-in attempts', () => {
  it('are counted for the address, whatever call guesses and whomever it is about', async () => {
    const browser = openBrowser(server)
    const calls = [...COUNTED_CALLS]
    expect(calls.length).toBeLessThanOrEqual(SIGN_IN_LIMIT)
    for (let attempt = 0; attempt < SIGN_IN_LIMIT; attempt++) {
      const answer = await browser.auth(calls[attempt % calls.length]?.slice(1) ?? '', {
        email: `x${attempt}@example.org`,
        password: 'x',
      })
      expect(answer.statusCode).not.toBe(429)
      expect(answer.headers.ratelimit).toMatch(new RegExp(`^"sign-in";r=${SIGN_IN_LIMIT - 1 - attempt};t=\\d+$`))
    }
    for (const call of calls) {
      const refused = await browser.auth(call.slice(1), { email: 'new@example.org', password: 'x' })
      expect([refused.statusCode, refused.json().code]).toEqual([429, 'rate_limited'])
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
      expect(refused.headers['ratelimit-policy']).toBe('"sign-in";q=10;w=60')
    }
    expect((await browser.send({ url: '/api/auth/get-session' })).statusCode).toBe(200)
    expect((await openBrowser(server).signIn('new@example.org')).statusCode).toBe(401)
  })

  it('are counted for the e-mail address, from wherever they come and however it is written', async () => {
    const spelled = (attempt: number) => (attempt % 2 === 0 ? 'Victim@example.org' : ' victim@EXAMPLE.org ')
    for (let attempt = 0; attempt < SIGN_IN_LIMIT; attempt++)
      expect((await openBrowser(server).signIn(spelled(attempt))).statusCode).not.toBe(429)
    expect((await openBrowser(server).signIn('victim@example.org')).statusCode).toBe(429)
    expect((await openBrowser(server).signIn('other@example.org')).statusCode).toBe(401)
  })

  it('that the address may not make do not lock others out of their account', async () => {
    const limiter = createMemoryRateLimiter({ clock: { now: () => new Date(0) } })
    for (let attempt = 0; attempt < 3 * SIGN_IN_LIMIT; attempt++)
      await countAttempt(limiter, { ip: '10.0.0.1', email: attempt < SIGN_IN_LIMIT - 1 ? 'a@b.c' : null })
    const refused = await countAttempt(limiter, { ip: '10.0.0.1', email: 'a@b.c' })
    expect(refused.allowed).toBe(0)
    expect(rateHeaders(refused)).toHaveProperty('retry-after')
    const allowed = await countAttempt(limiter, { ip: '10.0.0.2', email: 'a@b.c' })
    expect([allowed.allowed, allowed.remaining]).toEqual([1, 0])
    expect(rateHeaders(allowed)).not.toHaveProperty('retry-after')
  })
})

it('one IPv6 network is one address, and IPv4 is itself in either form', () => {
  const same = ['2001:db8:1:2::1', '2001:db8:1:2:ffff:0:0:9', '2001:0db8:0001:0002::']
  expect(new Set(same.map(networkOf)).size).toBe(1)
  const others = ['2001:db8:1:3::1', '2001:db8::1', '::1', 'fe80::1%eth0', '10.0.0.1', '10.0.0.2']
  expect(new Set([...same, ...others].map(networkOf)).size).toBe(others.length + 1)
  expect(networkOf('::ffff:10.0.0.1')).toBe('10.0.0.1')
})
