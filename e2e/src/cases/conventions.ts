import { Liveness, Problem, Readiness } from '@calotype/contract'
import { describe, expect, it } from 'vitest'
import { call, problemOf } from '../client.ts'
import type { Target } from '../target.ts'

const ID = '01K00000000000000000000000'
const OPERATIONS: readonly (readonly [method: string, path: string])[] = [
  ['POST', '/images/upload'],
  ['POST', '/images/upload-url'],
  ['POST', `/images/${ID}/complete`],
  ['GET', '/images'],
  ['GET', `/images/${ID}`],
  ['GET', `/images/${ID}/file`],
  ['GET', `/images/${ID}/signed-url`],
  ['POST', '/images/signed-urls'],
  ['GET', `/images/${ID}/metadata`],
  ['POST', `/images/${ID}/retry`],
  ['DELETE', `/images/${ID}`],
  ['POST', '/images/delete'],
  ['GET', `/projects/${ID}/events`],
  ['GET', '/me'],
  ['DELETE', '/session'],
]

/** Credentials that are none. */
const BAD = ['Bearer nonsense', 'Bearer ', 'Basic dXNlcjpwYXNz', 'nonsense', `Bearer ${'a'.repeat(10_000)}`]

export function conventionCases(target: Target): void {
  describe('every operation', () => {
    it.each(OPERATIONS)('%s %s answers 401 before anything else', async (method, path) => {
      // A body that is broken on purpose: the credential is looked at first.
      const body = method === 'POST' ? { headers: { 'content-type': 'application/json' }, body: '{broken' } : {}
      const answers = [
        await call(target, path, { method, ...body, signedIn: false }),
        await call(target, path, { method, ...body, headers: { ...body.headers, authorization: 'Bearer nonsense' } }),
      ]
      for (const answer of answers) {
        expect(answer.status).toBe(401)
        expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/)
        expect(await problemOf(answer)).toMatchObject({ code: 'unauthorized' })
      }
    })

    it.each(BAD)('does not take the credential %s', async authorization => {
      const answer = await call(target, '/me', { headers: { authorization } })
      expect(answer.status).toBe(401)
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/)
    })

    it('takes a request id over and answers it, or makes one', async () => {
      const given = 'order-4711.retry:2_x'
      const answer = await call(target, '/me', { headers: { 'x-request-id': given } })
      expect(answer.headers.get('x-request-id')).toBe(given)
      const unsafe = ['a b', '<script>', 'a'.repeat(129), '{"a":1}']
      for (const id of unsafe) {
        const made = (await call(target, '/me', { headers: { 'x-request-id': id } })).headers.get('x-request-id')
        expect(made).toMatch(/^[A-Za-z0-9._:-]{20,128}$/)
        expect(made).not.toBe(id)
      }
      const refused = await call(target, '/nowhere', { headers: { 'x-request-id': given } })
      expect((await problemOf(refused)).request_id).toBe(given)
    })
  })

  describe('errors', () => {
    it('have the one form of RFC 9457', async () => {
      const answer = await call(target, '/images/upload-url', { json: { file_name: 5 } })
      expect(answer.status).toBe(400)
      const problem = await problemOf(answer)
      expect(problem).toMatchObject({ code: 'invalid_request', request_id: answer.headers.get('x-request-id') })
      expect(problem.type).toBe(`${new URL(problem.type).origin}/docs/errors#invalid_request`)
      const paths = problem.errors?.map(error => error.path) ?? []
      expect(paths.length).toBeGreaterThanOrEqual(2)
      expect(paths.join()).toMatch(/file_name/)
      expect(paths.join()).toMatch(/mime_type/)
    })

    it.each([
      ['a body that is no JSON', '{', 'application/json', 400],
      ['an empty body', '', 'application/json', 400],
      ['another type of body', '<a/>', 'text/xml', 400],
      ['a body that is too large', JSON.stringify({ a: 'x'.repeat(300_000) }), 'application/json', 413],
    ])('tell of %s', async (_what, body, type, status) => {
      const answer = await call(target, '/images/upload-url', {
        body,
        method: 'POST',
        headers: { 'content-type': type },
      })
      expect(answer.status).toBe(status)
      await problemOf(answer)
    })

    it.each(['/api/v1/nowhere', '/nowhere', '/api/v2/images', '/assets/nothing.js', '/%00', '/api/v1/images/%ff'])(
      'tell that nothing is at %s',
      async path => {
        const answer = await fetch(`${target.url}${path}`, { headers: { authorization: `Bearer ${target.key}` } })
        expect(answer.status).toBeGreaterThanOrEqual(400)
        expect(answer.status).toBeLessThan(500)
        const problem = await problemOf(answer)
        expect(problem.detail).not.toMatch(/node_modules|\/src\/|Error:/)
      },
    )

    it('point to a page that exists', async () => {
      const { type } = Problem.parse(await (await call(target, '/nowhere')).json())
      expect((await fetch(type)).status).toBe(200)
    })
  })

  describe('health', () => {
    it('tells that the process lives and that each part is ready', async () => {
      const live = await fetch(`${target.url}/api/health/liveness`)
      expect(Liveness.parse(await live.json())).toEqual({ status: 'ok' })
      for (const path of ['/health', '/api/health/readiness']) {
        const answer = await fetch(`${target.url}${path}`)
        expect(answer.status).toBe(200)
        const { parts } = Readiness.parse(await answer.json())
        expect(Object.values(parts).filter(part => part?.status !== 'ok')).toEqual([])
      }
    })
  })

  describe('other origins', () => {
    it('get no permission that was not configured', async () => {
      const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' }
      const preflight = await fetch(`${target.url}/api/v1/images/upload`, { method: 'OPTIONS', headers })
      expect(preflight.headers.get('access-control-allow-origin')).toBeNull()
    })
  })
}
