import { afterEach, beforeEach, expect, test } from 'vitest'
import { CalotypeError, createCalotype } from './index.ts'
import { type FakeServer, startFakeServer } from './testing/fake-server.ts'

let server: FakeServer
beforeEach(async () => {
  server = await startFakeServer()
})
afterEach(() => server.close())

const withKey = () => createCalotype({ baseUrl: server.baseUrl, apiKey: 'key-1' })
const busy = (status: number, code: string, after = '0') => ({
  status,
  json: { code, detail: 'Wait a little.', status },
  headers: { 'retry-after': after },
})
const refused = async (promise: Promise<unknown>): Promise<CalotypeError> => {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof CalotypeError)) throw new Error(`Expected a refusal, got ${error}.`)
  return error
}

test('a key goes as bearer; without one the guard header of cookie sessions is sent', async () => {
  server.answers({ status: 200, json: {} })
  await withKey().me()
  await createCalotype({ baseUrl: `${server.baseUrl}/` }).me()
  expect(server.received[0]?.headers.authorization).toBe('Bearer key-1')
  expect(server.received[0]?.headers['x-calotype-console']).toBeUndefined()
  expect(server.received[1]?.headers['x-calotype-console']).toBe('1')
  expect(server.received[1]?.path).toBe('/api/v1/me')
})

test('a problem becomes an error with everything it says', async () => {
  const problem = { code: 'file_too_large', detail: 'At most 50 MB.', request_id: 'req-9', details: { limit: 1 } }
  server.answers({ status: 413, json: problem })
  const error = await refused(withKey().images.upload(new Blob(['x'])))
  expect(error).toMatchObject({ code: 'file_too_large', status: 413, requestId: 'req-9', details: { limit: 1 } })
  expect(error.message).toBe('At most 50 MB.')
})

test('an answer that is no problem document is still an error of ours', async () => {
  server.answers((_, response) => response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>'))
  const error = await refused(withKey().images.get('A'))
  expect(error).toMatchObject({ code: 'unexpected_answer', status: 502 })
})

test('a busy server is tried again as it asks, a bounded number of times', async () => {
  server.answers(busy(503, 'overloaded'), busy(429, 'rate_limited'), { status: 202, json: { id: 'A' } })
  expect(await withKey().images.upload(new Blob(['x']))).toMatchObject({ id: 'A' })
  expect(server.received).toHaveLength(3)

  server.answers(busy(503, 'overloaded'))
  const error = await refused(createCalotype({ baseUrl: server.baseUrl, tries: 2 }).images.upload(new Blob(['x'])))
  expect(error.code).toBe('overloaded')
  expect(server.received).toHaveLength(5)
})

test('a suspension by the cost breaker and a long wait are not waited for', async () => {
  server.answers(busy(503, 'uploads_suspended'))
  expect((await refused(withKey().images.upload(new Blob(['x'])))).code).toBe('uploads_suspended')
  server.answers(busy(429, 'rate_limited', '3600'))
  expect((await refused(withKey().images.upload(new Blob(['x'])))).retryAfterMs).toBe(3_600_000)
  expect(server.received).toHaveLength(2)
})

test('a broken connection is an error with status 0; reading is tried again, writing is not', async () => {
  server.answers((_, response) => response.destroy())
  const error = await refused(withKey().images.retry('A'))
  expect(error).toMatchObject({ code: 'connection_failed', status: 0 })
  expect(server.received).toHaveLength(1)
  server.answers((_, response) => response.destroy(), { status: 200, json: { id: 'A' } })
  expect(await withKey().images.get('A')).toEqual({ id: 'A' })
})

test('aborting rejects with the reason of the signal', async () => {
  server.answers(() => undefined)
  const stop = new AbortController()
  const pending = withKey().images.upload(new Blob(['x']), { signal: stop.signal })
  setTimeout(() => stop.abort(new Error('changed my mind')), 20)
  await expect(pending).rejects.toThrow('changed my mind')
})

test('pages are fetched as they are asked for', async () => {
  server.answers(
    { status: 200, json: { items: [1], next_cursor: 'c1' } },
    { status: 200, json: { items: [2], next_cursor: null } },
  )
  const seen: unknown[] = []
  for await (const { items } of withKey().images.list({ projectId: 'P', q: 'a b' })) seen.push(...items)
  expect(seen).toEqual([1, 2])
  expect(server.received.map(({ path }) => path)).toEqual([
    '/api/v1/images?project_id=P&q=a+b',
    '/api/v1/images?project_id=P&q=a+b&cursor=c1',
  ])
})

test('many ids go in groups as large as the server takes', async () => {
  server.answers({ status: 200, json: { items: [], not_found: ['x'], accepted: ['y'] } })
  const ids = Array.from({ length: 120 }, (_, index) => `${index}`)
  expect((await withKey().images.signedUrls(ids, { variant: 'thumb' })).not_found).toHaveLength(3)
  expect(server.received.map(({ body }) => JSON.parse(body).image_ids.length)).toEqual([50, 50, 20])
  expect((await withKey().images.deleteMany(ids)).accepted).toEqual(['y'])
})

test('deleting and sessions need no body in the answer', async () => {
  server.answers((_, response) => response.writeHead(204).end())
  await withKey().images.delete('A')
  await createCalotype({ baseUrl: server.baseUrl }).session.redeem('t')
  await createCalotype({ baseUrl: server.baseUrl }).session.end()
  expect(server.received.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'DELETE /api/v1/images/A',
    'POST /api/v1/session',
    'DELETE /api/v1/session',
  ])
})

test('fileUrl names the variant', () => {
  expect(createCalotype({ baseUrl: '' }).images.fileUrl('A', { variant: 'original' })).toBe(
    '/api/v1/images/A/file?variant=original',
  )
})
