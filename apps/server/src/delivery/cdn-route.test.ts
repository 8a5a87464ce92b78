import { Readable } from 'node:stream'
import { NO_TELEMETRY } from '@calotype/core'
import { createMemoryBlobStore, createTestClock } from '@calotype/core/testing'
import { createDiskCdn } from '@calotype/disk'
import Fastify, { type FastifyBaseLogger } from 'fastify'
import pino from 'pino'
import { afterEach, describe, expect, it } from 'vitest'
import { answerProblem } from '../http/problem.ts'
import { logRequests, requestIdOf } from '../http/request-log.ts'
import { cdnRoute } from './cdn-route.ts'
import { createEmbeddedInvalidator } from './embedded-invalidator.ts'

const PROJECT = '01ARZ3NDEKTSV4RRFFQ69G5FAV'
const IMAGE = '01BX5ZZKBKACTAV9WEVGEMMVRZ'
const BASE = `private/${PROJECT}/${IMAGE}/abc123/full`
const SECRET = 'a secret that is long enough for this'
const closers: Array<() => Promise<unknown>> = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

/** The delivery of a real server with objects in memory; `inject` goes to the route, `fetch` comes through the front door. */
async function openDelivery(options: { cacheBytes?: number; expiresInSeconds?: number } = {}) {
  const clock = createTestClock()
  const blobs = createMemoryBlobStore(clock)
  const by = { projectId: PROJECT, purpose: 'variant' as const }
  for (const [extension, size] of [
    ['avif', 700],
    ['webp', 800],
    ['jpg', 900],
  ] as const) {
    const body = Readable.from([Buffer.alloc(size, extension)])
    await blobs.put(`${BASE}.${extension}`, body, { maxBytes: 1e6, contentType: '' }, by)
  }
  const lines: Array<Record<string, unknown>> = []
  const counted: number[] = []
  const revoked = new Set<string>()
  const listeners: Array<(projectId: string, imageId: string) => void> = []
  const cdn = createDiskCdn({ publicUrl: 'http://x', secret: SECRET })
  const log: FastifyBaseLogger = pino({ base: null }, { write: line => void lines.push(JSON.parse(line)) })
  const app = Fastify({
    loggerInstance: log,
    requestIdLogLabel: 'request_id',
    disableRequestLogging: true,
    genReqId: requestIdOf,
    keepAliveTimeout: 72_000,
    forceCloseConnections: 'idle',
  })
  let routed = 0
  app.addHook('onRequest', async () => {
    routed += 1
  })
  app.setErrorHandler(answerProblem(() => 'http://x'))
  logRequests(app)
  const meter = {
    count: (_by: unknown, usage: { deliveredBytes?: number }) => void counted.push(usage.deliveredBytes ?? 0),
  }
  const invalidator = createEmbeddedInvalidator()
  cdnRoute(
    app,
    {
      ...{ clock, blobs, cdn, invalidator, meter, telemetry: NO_TELEMETRY },
      ...{ deliveryCacheBytes: options.cacheBytes ?? 1e6, maxAge: { avifAndWebp: 31_536_000, jpeg: 86_400 } },
    },
    { has: (_project, id) => revoked.has(id), onChanged: listener => void listeners.push(listener), close: () => {} },
  )
  const origin = await app.listen({ port: 0, host: '127.0.0.1' })
  closers.push(() => app.close())
  const expires = Math.floor(clock.now().getTime() / 1000) + (options.expiresInSeconds ?? 600)
  return {
    app,
    clock,
    origin,
    requestLines: () => lines.filter(line => line.msg === 'request'),
    counted,
    routed: () => routed,
    url: (key: string) => cdn.sign(key, expires).slice('http://x'.length),
    invalidate: (path: string) => invalidator.invalidate([path], 'test'),
    revoke() {
      revoked.add(IMAGE)
      for (const listener of listeners) listener(PROJECT, IMAGE)
    },
  }
}

/** What differs from answer to answer, and what only tells of the connection. */
const VOLATILE = ['date', 'server-timing', 'x-request-id', 'connection', 'keep-alive']
const lasting = (headers: Iterable<readonly [string, unknown]>) =>
  Object.fromEntries(
    [...headers].filter(([name]) => !VOLATILE.includes(name)).map(([name, value]) => [name, String(value)]),
  )

describe('the front door', () => {
  it.each([
    ['an object from memory', `${BASE}.webp`, 1e6],
    ['an object from storage', `${BASE}.webp`, 0],
    ['a negotiated object', BASE, 1e6],
  ])('answers, measures and logs as the route does: %s', async (_name, key, cacheBytes) => {
    const { app, origin, url, requestLines, counted, routed } = await openDelivery({ cacheBytes })
    const headers = { accept: 'image/avif,image/webp', 'x-request-id': 'mine' }
    const behind = await app.inject({ url: url(key), headers })
    const before = await fetch(origin + url(key), { headers })
    expect(Buffer.from(await before.arrayBuffer())).toEqual(behind.rawPayload)
    expect(before.status).toBe(200)
    expect(lasting(before.headers)).toEqual(lasting(Object.entries(behind.headers)))
    expect(before.headers.get('x-request-id')).toBe('mine')
    expect(before.headers.get('server-timing')).toMatch(/^total;dur=\d+\.\d$/)
    expect(before.headers.get('date')).not.toBeNull()
    expect(new Set(counted).size).toBe(1)
    expect(counted).toHaveLength(2)
    await expect.poll(requestLines).toHaveLength(2)
    const [one, other] = requestLines().map(({ time, duration_ms, ...line }) => ({
      ...line,
      kinds: [typeof time, typeof duration_ms],
    }))
    expect(other).toEqual(one)
    expect(routed()).toBe(1)
  })

  it('negotiates', async () => {
    const { origin, url } = await openDelivery()
    for (const [accept, type] of [
      ['image/avif', 'image/avif'],
      ['image/webp,*/*', 'image/webp'],
      ['*/*', 'image/jpeg'],
      ['image/avif;q=0', 'image/jpeg'],
      ['image/avif', 'image/avif'],
    ] as const) {
      const answer = await fetch(origin + url(BASE), { headers: { accept } })
      expect([answer.headers.get('content-type'), answer.headers.get('vary')]).toEqual([type, 'Accept, Origin'])
    }
  })

  it('refuses what was good before: expired, revoked, altered', async () => {
    const { origin, url, clock, revoke } = await openDelivery()
    const good = origin + url(`${BASE}.webp`)
    const statusOf = async (target: string) => (await fetch(target)).status
    expect([await statusOf(good), await statusOf(good)]).toEqual([200, 200])
    expect(await statusOf(good.replace(/.$/, last => (last === '0' ? '1' : '0')))).toBe(403)
    expect(await statusOf(good.replace('full.webp', 'thumb.webp'))).toBe(403)
    expect(await statusOf(origin + url(`${BASE.replace('full', 'none')}.webp`))).toBe(404)
    revoke()
    expect(await statusOf(good)).toBe(404)
    clock.advance(601_000)
    expect(await statusOf(good)).toBe(403)
  })

  it('leaves conditions and ranges to the route', async () => {
    const { origin, url } = await openDelivery()
    const target = origin + url(`${BASE}.jpg`)
    const whole = await fetch(target)
    const etag = whole.headers.get('etag') ?? ''
    expect((await fetch(target, { headers: { 'if-none-match': etag } })).status).toBe(304)
    const part = await fetch(target, { headers: { range: 'bytes=0-9' } })
    expect([part.status, (await part.arrayBuffer()).byteLength]).toEqual([206, 10])
    expect((await fetch(target, { method: 'HEAD' })).headers.get('content-length')).toBe('900')
  })
})
