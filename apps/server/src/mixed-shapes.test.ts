import { generateKeyPairSync } from 'node:crypto'
import { type FakeCloud, openTestQueue, startFakeCloud, storageMessage } from '@calotype/aws/testing'
import { sampleBytes } from '@calotype/core/testing'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { PUBLIC_URL, startTestServer, type TestServer } from './testing/test-server.ts'

let cloud: FakeCloud
let server: TestServer | null = null
const COOKIES = ['Hash-Algorithm', 'Key-Pair-Id', 'Policy', 'Signature'].map(name => `CloudFront-${name}`)
const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'AKTEST', AWS_SECRET_ACCESS_KEY: 'secret' }

beforeAll(async () => {
  // Where the SDK looks for them by itself.
  Object.assign(process.env, CREDENTIALS)
  cloud = await startFakeCloud()
  await cloud.bucket('photos')
})
afterEach(async () => {
  await server?.close()
  server = null
}, 60_000)
afterAll(() => cloud.close())

async function start(env: Record<string, string>): Promise<TestServer> {
  server = await startTestServer({ env: { S3_BUCKET: 'photos', S3_ENDPOINT: cloud.connection.endpoint, ...env } })
  return server
}

const urlOf = async ({ call }: TestServer, id: string): Promise<string> =>
  (await call({ url: `/api/v1/images/${id}/signed-url?variant=thumb` })).json().download_url

it('takes up what was put into a bucket, by the message of its queue', async () => {
  const queue = openTestQueue(cloud.connection, await cloud.queue('events'))
  const { call } = await start({ SQS_EVENTS_QUEUE_URL: queue.url })
  const bytes = sampleBytes(3_002)
  const asked = { file_name: 'a.jpg', file_size: bytes.length, mime_type: 'image/jpeg' }
  const begun = (await call({ method: 'POST', url: '/api/v1/images/upload-url', payload: asked })).json()
  const put = { method: 'PUT', headers: begun.headers, body: new Uint8Array(bytes) }
  expect((await fetch(begun.upload_url, put)).status).toBe(200)
  await queue.send(storageMessage({ key: `uploads/${begun.image_id}` }))
  const status = async () => (await call({ url: `/api/v1/images/${begun.image_id}` })).json().status
  await expect.poll(status, { timeout: 30_000 }).toBe('ready')
  await expect.poll(() => queue.count(), { timeout: 30_000 }).toBe(0)
  const { default_project } = (await call({ url: '/api/v1/me' })).json()
  const cookies = await call({ url: `/api/v1/projects/${default_project.id}/signed-cookies` })
  expect(cookies.json()).toMatchObject({ project_id: default_project.id, cookies: null })
})

it('delivers by itself what is in a bucket, and lets storage take uploads', async () => {
  const { app, call, ready, ...rest } = await start({ S3_PUBLIC_ENDPOINT: 'https://photos.example.org' })
  const image = await ready(sampleBytes(3_000))
  const url = await urlOf({ app, call, ready, ...rest }, image.id)
  expect(url).toMatch(new RegExp(`^${PUBLIC_URL}/cdn/private/`))
  expect((await app.inject({ url: url.slice(PUBLIC_URL.length) })).statusCode).toBe(200)
  const asked = { file_name: 'a.jpg', file_size: 5, mime_type: 'image/jpeg' }
  const begun = (await call({ method: 'POST', url: '/api/v1/images/upload-url', payload: asked })).json()
  expect(begun.upload_url).toMatch(/^https:\/\/photos\.example\.org\/photos\/uploads\/.*X-Amz-Signature=/)
  const direct = { method: 'PUT' as const, url: `/api/v1/uploads/direct/${begun.image_id}`, payload: 'x' }
  expect((await app.inject(direct)).statusCode).toBe(404)
})

it('leaves delivery to CloudFront, whose pictures the console may show', async () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const running = await start({
    ...{ CLOUDFRONT_DOMAIN: 'd1.cloudfront.net', CLOUDFRONT_DISTRIBUTION_ID: 'E1', CLOUDFRONT_KEY_PAIR_ID: 'K1' },
    CLOUDFRONT_PRIVATE_KEY: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  })
  const image = await running.ready(sampleBytes(3_001))
  const url = await urlOf(running, image.id)
  expect(url).toMatch(/^https:\/\/d1\.cloudfront\.net\/private\/.*Key-Pair-Id=K1/)
  expect(await urlOf(running, image.id)).toBe(url)
  const { pathname, search } = new URL(url)
  expect((await running.app.inject({ url: `/cdn${pathname}${search}` })).statusCode).toBe(404)
  const gallery = await running.call({ url: `/api/v1/projects/${image.project_id}/signed-cookies` })
  expect([gallery.statusCode, gallery.headers['cache-control']]).toEqual([200, 'no-store'])
  expect(Object.keys(gallery.json().cookies).sort()).toEqual(COOKIES)
  const page = await running.app.inject({ url: '/' })
  expect(page.headers['content-security-policy']).toContain("img-src 'self' blob: data: https://d1.cloudfront.net;")
})
