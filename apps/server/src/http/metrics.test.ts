import pino from 'pino'
import { expect, it } from 'vitest'
import type { Exposition } from '../deps.ts'
import { buildHealthApp } from './build-health-app.ts'

const FIGURES = { contentType: 'application/openmetrics-text', text: 'a 1\n# EOF\n' }
const TOKEN = 'a token for whoever watches'
const expose = async () => FIGURES

/** What a worker answers. */
async function ask(
  exposition: Exposition | null,
  { headers = {}, from = '127.0.0.1' }: { headers?: Record<string, string>; from?: string } = {},
) {
  const part = { check: async () => {}, vital: true }
  const app = await buildHealthApp(
    {
      ...{ health: { database: part, storage: part, events: part }, stopping: new AbortController().signal },
      ...{ publicUrl: 'https://photos.example', exposition },
      access: { mode: 'accounts', registration: 'open', trustedHosts: [] },
    },
    pino({ level: 'silent' }),
  )
  const host = { host: 'localhost:3000' }
  const answer = await app.inject({ url: '/metrics', headers: { ...host, ...headers }, remoteAddress: from })
  await app.close()
  return answer
}

const statusOf = async (...given: Parameters<typeof ask>) => (await ask(...given)).statusCode

it('answers the machine itself where there is no token', async () => {
  const answer = await ask({ token: null, expose })
  expect([answer.statusCode, answer.body]).toEqual([200, FIGURES.text])
  expect(answer.headers).toMatchObject({ 'content-type': FIGURES.contentType, 'cache-control': 'no-store' })
  expect(await statusOf({ token: null, expose }, { from: '::ffff:127.0.0.1' })).toBe(200)
})

it.each([
  ['another machine', { from: '10.0.0.5' }],
  ['what a proxy on this machine sends on', { headers: { 'x-forwarded-for': '203.0.113.7' } }],
  ['a page that had its own name point here', { headers: { host: 'evil.example' } }],
])('refuses %s where there is no token', async (_who, options) => {
  const refused = await ask({ token: null, expose }, options)
  expect([refused.statusCode, refused.json().code]).toEqual([401, 'unauthorized'])
})

it('answers whoever has the token, under any name and from anywhere, and nobody else', async () => {
  const exposition = { token: TOKEN, expose }
  const from = { headers: { host: 'worker-1:3000', authorization: `Bearer ${TOKEN}` }, from: '10.0.0.5' }
  expect(await statusOf(exposition, from)).toBe(200)
  expect(await statusOf(exposition)).toBe(401)
  expect(await statusOf(exposition, { headers: { authorization: TOKEN } })).toBe(401)
})

it('is not there where nothing is counted', async () => {
  expect(await statusOf(null)).toBe(404)
})
