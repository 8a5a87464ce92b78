import { once } from 'node:events'
import { createServer, type RequestListener, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { Image, ReprocessRun } from '@calotype/contract'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../../testing/test-server.ts'

let server: TestServer
const closers: Array<() => void> = []
const LAST_MOMENT_MS = 20_000

async function serve(listener: RequestListener): Promise<{ url: string; port: number }> {
  const other = createServer(listener)
  other.listen(0, '127.0.0.1')
  await once(other, 'listening')
  closers.push(() => other.close())
  const address = other.address()
  if (address === null || typeof address === 'string') throw new Error('There is no port')
  return { url: `http://127.0.0.1:${address.port}`, port: address.port }
}

let source: { url: string; port: number }
/** Answers that keep us waiting. */
const held: ServerResponse[] = []

beforeAll(async () => {
  source = await serve((request, answer) => {
    if (request.url?.startsWith('/slow')) held.push(answer)
    else if (request.url === '/gone.jpg') answer.writeHead(404).end()
    else answer.end(`the picture at ${request.url}`)
  })
  server = await startTestServer({ env: { IMPORT_ALLOW_PRIVATE: 'yes', IMPORT_PORTS: `80,${source.port}` } })
})

afterAll(async () => {
  for (const close of closers) close()
  await server.close()
})

async function until<T>(ask: () => Promise<T>, holds: (found: T) => boolean): Promise<T> {
  const end = Date.now() + LAST_MOMENT_MS
  for (;;) {
    const found = await ask()
    if (holds(found)) return found
    if (Date.now() > end) throw new Error(`It never came: ${JSON.stringify(found)}`)
    await sleep(50)
  }
}

const post = (url: string, payload: object = {}, headers: Record<string, string> = {}) =>
  server.call({ method: 'POST', url: `/api/v1${url}`, payload, headers })
const imageOf = async (id: string) => Image.parse((await server.call({ url: `/api/v1/images/${id}` })).json())
const runOf = async (id: string) => ReprocessRun.parse((await server.call({ url: `/api/v1/reprocess/${id}` })).json())
const settled = ({ status }: Image) => ['ready', 'failed'].includes(status)

it('imports an image from a URL, once for each Idempotency-Key, and logs no URL', async () => {
  const url = `${source.url}/roof.jpg?token=a-secret-of-others`
  const headers = { 'idempotency-key': 'import-1' }
  const answer = await post('/images/import', { url, reference: 'r-1' }, headers)
  expect(answer.statusCode).toBe(202)
  const image = Image.parse(answer.json())
  expect(image).toMatchObject({ status: 'pending_upload', file_name: 'roof.jpg', reference: 'r-1' })
  expect((await post('/images/import', { url, reference: 'r-1' }, headers)).json().id).toBe(image.id)
  const ready = await until(() => imageOf(image.id), settled)
  expect(ready).toMatchObject({ status: 'ready', size_bytes: 49 })
  expect(server.logs.join('\n')).not.toContain('a-secret-of-others')
})

it('says at once what is never fetched, and on the image what came of the rest', async () => {
  for (const url of ['ftp://x.org/a.jpg', 'http://user:word@x.org/', 'http://x.org:22/', 'nonsense']) {
    const answer = await post('/images/import', { url })
    expect([answer.statusCode, answer.json().code], url).toEqual([422, 'import_refused'])
  }
  const image = Image.parse((await post('/images/import', { url: `${source.url}/gone.jpg` })).json())
  const failed = await until(() => imageOf(image.id), settled)
  expect(failed.failure).toMatchObject({ code: 'import_failed', detail: expect.stringContaining('404') })
})

it('lets no photo wait behind the slow servers of others', async () => {
  const slow = Array.from({ length: 8 }, (_, index) => post('/images/import', { url: `${source.url}/slow-${index}` }))
  const images = (await Promise.all(slow)).map(answer => Image.parse(answer.json()))
  await until(
    async () => held.length,
    count => count === 8,
  )
  expect(await server.ready(Buffer.from('not behind them'))).toMatchObject({ status: 'ready' })
  for (const [index, answer] of held.splice(0).entries()) answer.end(`at last ${index}`)
  for (const { id } of images) expect((await until(() => imageOf(id), settled)).status).toBe('ready')
})

it('reads nothing of our own network unless the installation says so', async () => {
  const closed = await startTestServer({ env: { IMPORT_PORTS: `80,${source.port}` } })
  try {
    const call = (url: string) => closed.call({ method: 'POST', url: '/api/v1/images/import', payload: { url } })
    expect((await call(`${source.url}/roof.jpg`)).json().code).toBe('import_refused')
    const { id } = (await call(`http://localhost:${source.port}/roof.jpg`)).json()
    const ask = async () => Image.parse((await closed.call({ url: `/api/v1/images/${id}` })).json())
    expect((await until(ask, settled)).failure?.code).toBe('import_refused')
  } finally {
    await closed.close()
  }
})

it('remakes the images of a project when its variants change, and by hand', async () => {
  const image = await server.ready(Buffer.from('a picture to be remade'))
  const file = await server.call({ url: `/api/v1/images/${image.id}/file`, headers: { accept: 'image/webp' } })
  expect(file.statusCode).toBe(200)
  const variant = { name: 'full', width: 300, height: 300, fit: 'inside', formats: ['webp', 'jpeg'], max_bytes: null }
  const url = `/api/v1/projects/${image.project_id}`
  expect((await server.call({ method: 'PATCH', url, payload: { variants: [variant] } })).statusCode).toBe(200)
  const remade = await until(
    () => imageOf(image.id),
    ({ variants }) => variants.length === 2,
  )
  expect(remade).toMatchObject({ status: 'ready', variants: [{ width: 300 }, { width: 300 }] })
  const body = { project_id: image.project_id, image_ids: [image.id] }
  const started = await until(
    () => post('/reprocess', body, { 'idempotency-key': 'again' }),
    answer => answer.statusCode !== 409,
  )
  expect(started.statusCode).toBe(202)
  const run = await until(
    () => runOf(started.json().id),
    ({ state }) => state === 'completed',
  )
  expect(run).toMatchObject({ total: 1, done: 1, failed: 0, skipped: 0, failures: [] })
  const refused = await post(`/reprocess/${run.id}/pause`)
  expect([refused.statusCode, refused.json().code]).toEqual([409, 'invalid_transition'])
})
