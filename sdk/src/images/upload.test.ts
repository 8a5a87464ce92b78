import { afterEach, beforeEach, expect, test } from 'vitest'
import { createCalotype } from '../index.ts'
import { type FakeServer, startFakeServer } from '../testing/fake-server.ts'

let server: FakeServer
beforeEach(async () => {
  server = await startFakeServer()
})
afterEach(() => server.close())

const calotype = () => createCalotype({ baseUrl: server.baseUrl, apiKey: 'key-1' })
const granted = () => ({
  status: 201,
  json: { image_id: 'A', upload_url: `${server.baseUrl}/put`, method: 'PUT', headers: { 'content-type': 'image/png' } },
})

test('upload sends the fields before the file, with its name and type', async () => {
  server.answers({ status: 201, json: { id: 'A' } })
  const progress: number[] = []
  const file = new File(['pixels'], 'röof.png', { type: 'image/png' })
  await calotype().images.upload(file, {
    projectId: 'P',
    wait: 'ready',
    onProgress: ({ sent }) => progress.push(sent),
  })
  const [request] = server.received
  expect(request?.path).toBe('/api/v1/images/upload?wait=ready')
  expect(request?.headers['content-type']).toMatch(/^multipart\/form-data/)
  expect(request?.body).toMatch(
    /name="project_id"\r\n\r\nP\r\n[\s\S]*name="file"; filename="r.+of\.png"\r\n.*image\/png/i,
  )
  expect(progress).toHaveLength(1)
})

test('uploadDirect asks, puts without our credentials, and completes', async () => {
  server.answers(granted(), { status: 200 }, { status: 202, json: { id: 'A', status: 'uploaded' } })
  const file = new File(['pixels'], 'roof.png', { type: 'image/png' })
  expect(await calotype().images.uploadDirect(file, { projectId: 'P' })).toMatchObject({ status: 'uploaded' })
  expect(server.received.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'POST /api/v1/images/upload-url',
    'PUT /put',
    'POST /api/v1/images/A/complete',
  ])
  expect(JSON.parse(server.received[0]?.body ?? '')).toEqual({
    project_id: 'P',
    file_name: 'roof.png',
    file_size: 6,
    mime_type: 'image/png',
  })
  expect(server.received[1]?.headers.authorization).toBeUndefined()
  expect(server.received[1]?.body).toBe('pixels')
})

test('uploadDirect goes on when the bytes have arrived already', async () => {
  const gone = { status: 412, json: { code: 'upload_already_received', detail: '' } }
  server.answers(granted(), gone, { status: 202, json: { id: 'A' } })
  expect(await calotype().images.uploadDirect(new Blob(['x']))).toEqual({ id: 'A' })
})

test('uploadDirect of known bytes gives the image that is there', async () => {
  server.answers(
    { status: 200, json: { image_id: 'B', duplicate: true, status_url: '' } },
    { status: 200, json: { id: 'B', status: 'ready' } },
  )
  const image = await calotype().images.uploadDirect(new Blob(['x']), { sha256: '0'.repeat(64) })
  expect(image).toMatchObject({ id: 'B', duplicate: true })
  expect(server.received).toHaveLength(2)
})

test('upload sends labels and the key, and tries a broken connection again under it', async () => {
  server.answers({ status: 503, json: { code: 'overloaded' } }, { status: 202, json: { id: 'A' } })
  const labels = { alt: 'A roof', reference: 'r1', attributes: { floor: 3 } }
  await calotype().images.upload(new Blob(['x']), { ...labels, idempotencyKey: 'key-7' })
  expect(server.received.map(({ headers }) => headers['idempotency-key'])).toEqual(['key-7', 'key-7'])
  expect(server.received[1]?.body).toMatch(/name="attributes"\r\n\r\n\{"floor":3\}\r\n/)
})

test('uploadUrls, update and list by attributes say what they mean', async () => {
  const ok = (json: unknown) => ({ status: 200, json })
  server.answers(ok({ items: [] }), ok({ id: 'A' }), ok({ items: [], next_cursor: null }))
  const { images } = calotype()
  await images.uploadUrls([{ file_name: 'a.png', mime_type: 'image/png' }], { idempotencyKey: 'key-8' })
  await images.update('A', { alt: null, project_id: 'P' })
  await images.page({ attributes: { floor: 3 } })
  expect(server.received.map(({ method, path }) => `${method} ${decodeURIComponent(path)}`)).toEqual([
    'POST /api/v1/images/upload-urls',
    'PATCH /api/v1/images/A',
    'GET /api/v1/images?attributes[floor]=3',
  ])
  expect(server.received[0]?.headers['idempotency-key']).toBe('key-8')
  expect(JSON.parse(server.received[1]?.body ?? '')).toEqual({ alt: null, project_id: 'P' })
})
