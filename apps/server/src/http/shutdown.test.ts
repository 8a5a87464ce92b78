import { once } from 'node:events'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sampleBytes } from '@calotype/core/testing'
import { afterEach, expect, it } from 'vitest'
import { formOf, photoPart, startTestServer, type TestServer } from '../testing/test-server.ts'

let server: TestServer | null = null
afterEach(async () => {
  await server?.close()
  server = null
})

async function listening(): Promise<{ server: TestServer; port: number }> {
  server = await startTestServer()
  await server.app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = server.app.server.address() as AddressInfo
  return { server, port }
}

/** An upload of which the first half has been sent. */
async function halfSent({ server, port }: { server: TestServer; port: number }, bytes: Buffer) {
  const { headers, payload } = formOf([photoPart(bytes)])
  const sent = request({
    ...{ port, host: '127.0.0.1', method: 'POST', path: '/api/v1/images/upload', agent: false },
    headers: { ...headers, authorization: `Bearer ${server.ownerKey}`, 'content-length': payload.length },
  })
  const answered = once(sent, 'response').then(async ([response]) => {
    let body = ''
    for await (const chunk of response) body += chunk
    return { status: response.statusCode, body: JSON.parse(body) }
  })
  const arrived = once(server.app.server, 'request')
  sent.write(payload.subarray(0, payload.length / 2))
  await arrived
  return { answered, finish: () => sent.end(payload.subarray(payload.length / 2)) }
}

it('lets an upload that is under way end before it stops', async () => {
  const running = await listening()
  const upload = await halfSent(running, sampleBytes(300_000))
  let stopped = false
  const stopping = running.server.stop().then(() => {
    stopped = true
  })
  await new Promise(resolve => setTimeout(resolve, 200))
  expect(stopped).toBe(false)
  upload.finish()
  expect(await upload.answered).toMatchObject({ status: 202, body: { status: 'uploaded', size_bytes: 300_000 } })
  await stopping
}, 60_000)

it('ends the live streams when it stops', async () => {
  const running = await listening()
  const { default_project } = (await running.server.call({ url: '/api/v1/me' })).json()
  const headers = { authorization: `Bearer ${running.server.ownerKey}` }
  const path = `/api/v1/projects/${default_project.id}/events`
  const sent = request({ port: running.port, host: '127.0.0.1', path, headers, agent: false }).end()
  const [response] = await once(sent, 'response')
  expect(response.headers['content-type']).toBe('text/event-stream')
  const seen: string[] = []
  response.on('data', (chunk: Buffer) => seen.push(String(chunk)))
  const ended = once(response, 'end')
  const image = await running.server.ready(sampleBytes(400))
  await expect.poll(() => seen.join('')).toContain(`"image_id":"${image.id}","status":"ready"`.slice(0, 40))
  const started = performance.now()
  await Promise.all([running.server.stop(), ended])
  expect(performance.now() - started).toBeLessThan(20_000)
  const ids = [...seen.join('').matchAll(/^id: (.+)$/gm)].map(match => match[1])
  expect(new Set(ids).size).toBe(ids.length)
}, 60_000)
