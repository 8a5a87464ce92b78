import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { NewWebhook, WebhookDeliveryList } from '@calotype/contract'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { expectProblem } from '../../testing/expect-problem.ts'
import { startTestServer, type TestServer } from '../../testing/test-server.ts'

let server: TestServer
let receiver: Server
let url: string
const status = 204
const heard: { headers: IncomingHttpHeaders; body: string }[] = []

beforeAll(async () => {
  server = await startTestServer({ env: { WEBHOOK_ALLOW_PRIVATE: 'yes' } })
  receiver = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    heard.push({ headers: request.headers, body })
    response.writeHead(status).end('thanks')
  }).listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  url = `http://127.0.0.1:${portOf(receiver)}/hook?token=very-secret-token`
})
afterAll(async () => {
  await server.close()
  receiver.close()
})

/** What a listening TCP server answers. */
const portOf = (listening: Server): number => (listening.address() as AddressInfo).port

const post = (path: string, payload: object = {}, headers: Record<string, string> = {}) =>
  server.call({ method: 'POST', url: `/api/v1${path}`, payload, headers })
const create = async (more: object = {}) => {
  const answer = await post('/webhooks', { url, events: ['image.uploaded', 'image.ready', 'image.deleted'], ...more })
  expect(answer.statusCode).toBe(201)
  return NewWebhook.parse(answer.json())
}
const deliveries = async (id: string) => {
  const answer = await server.call({ url: `/api/v1/webhooks/${id}/deliveries` })
  return WebhookDeliveryList.parse(answer.json()).items
}
const verify = (secret: string | undefined, { headers, body }: (typeof heard)[number]) =>
  new Webhook(secret ?? '').verify(
    body,
    Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
  )

it('delivers what happens to an image, each message verified by the official library', async () => {
  const webhook = await create()
  const image = await server.ready(Buffer.from('one'))
  await server.call({ method: 'DELETE', url: `/api/v1/images/${image.id}` })
  await expect.poll(() => heard.length, { timeout: 10_000 }).toBe(3)
  const types = heard.map(message => {
    expect(verify(webhook.secret, message)).toMatchObject({ data: { image_id: image.id } })
    return JSON.parse(message.body).type
  })
  expect(types.sort()).toEqual(['image.deleted', 'image.ready', 'image.uploaded'])
  // What was queued before it was disabled: one message or two.
  const unsettled = async () => (await deliveries(webhook.id)).filter(each => each.status !== 'succeeded')
  await expect.poll(unsettled, { timeout: 10_000 }).toEqual([])
  await server.call({ method: 'DELETE', url: `/api/v1/webhooks/${webhook.id}` })
})

it('makes one webhook for each Idempotency-Key, and tells its secret once', async () => {
  const request = { url, events: ['image.ready'] }
  const [first, again] = [
    await post('/webhooks', request, { 'idempotency-key': 'a-key' }),
    await post('/webhooks', request, { 'idempotency-key': 'a-key' }),
  ]
  expect(again.json().id).toBe(first.json().id)
  expect([first.json().secret, again.json().secret]).toEqual([expect.stringMatching(/^whsec_/), undefined])
  expect(JSON.stringify((await server.call({ url: '/api/v1/webhooks' })).json())).not.toContain('whsec_')
})

it('refuses URLs that cannot be used', async () => {
  for (const bad of ['nothing', 'ftp://a.test/', 'https://a:b@a.test/', 'https://a.test/#x'])
    expectProblem(await post('/webhooks', { url: bad, events: ['image.ready'] }), 400, 'webhook_url_refused')
  expectProblem(await post('/webhooks', { url, events: [] }), 400, 'invalid_request')
  expectProblem(await post('/webhooks', { url, events: ['cost.alert'] }), 400, 'invalid_request')
})

it('is for the default project unless it says that every project is meant', async () => {
  const request = { url, events: ['image.failed'] }
  const [project] = (await server.call({ url: '/api/v1/projects' })).json().items
  expect((await create(request)).project_id).toBe(project.id)
  expect((await create({ ...request, scope: 'organization' })).project_id).toBeNull()
  const both = { ...request, scope: 'organization', project_id: project.id }
  expectProblem(await post('/webhooks', both), 400, 'invalid_request')
  const compare = async (body: object) => (await post('/reconcile', body)).json()
  const own = await compare({})
  expect(own.project_id).toBe(project.id)
  const isOver = async () => (await server.call({ url: `/api/v1/reconcile/${own.id}` })).json().status
  await expect.poll(isOver, { timeout: 30_000 }).toBe('done')
  expect(await compare({ scope: 'organization' })).toMatchObject({ project_id: null, status: 'queued' })
})
