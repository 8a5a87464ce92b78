import { randomBytes } from 'node:crypto'
import { request } from 'node:http'
import { Problem } from '@calotype/contract'
import { seedProject } from '@calotype/core/testing'
import { expect, it, onTestFinished } from 'vitest'
import { startTestServer } from '../../testing/test-server.ts'

/** A server on a port, because only real connections can be held open. */
async function listen() {
  const server = await startTestServer({ env: { MAX_UPLOADS_PER_PROJECT: '2' } })
  onTestFinished(() => server.close())
  const address = await server.app.listen({ port: 0, host: '127.0.0.1' })
  return { server, port: Number(new URL(address).port) }
}

/** Begins a multipart upload and holds it until `finish`. */
function hold(port: number, key: string, projectId?: string) {
  const boundary = 'held'
  const field = projectId
    ? `--${boundary}\r\ncontent-disposition: form-data; name="project_id"\r\n\r\n${projectId}\r\n`
    : ''
  const file = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="a.jpg"\r\ncontent-type: image/jpeg\r\n\r\n`
  const headers = { authorization: `Bearer ${key}`, 'content-type': `multipart/form-data; boundary=${boundary}` }
  const sent = request({ port, host: '127.0.0.1', path: '/api/v1/images/upload', method: 'POST', headers })
  const answer = new Promise<{ status: number; retryAfter: string | undefined; body: string }>((resolve, reject) => {
    sent.on('error', reject)
    sent.on('response', response => {
      const chunks: Buffer[] = []
      response.on('data', chunk => chunks.push(chunk))
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          retryAfter: response.headers['retry-after'],
          body: Buffer.concat(chunks).toString(),
        }),
      )
    })
  })
  sent.write(field + file)
  sent.write(randomBytes(1_000))
  return { answer, finish: () => sent.end(`\r\n--${boundary}--\r\n`) }
}

it('so many uploads of one project at a time; the next one is told when to come again, other projects are not held up', async () => {
  const { server, port } = await listen()
  const me = (await server.call({ url: '/api/v1/me' })).json()
  const other = await seedProject(server.deps.database, { organizationId: me.organization_id, name: 'other' })
  const held = [hold(port, server.ownerKey), hold(port, server.ownerKey)]
  // A third one is refused once the first two have come in.
  await expect
    .poll(async () => {
      const third = hold(port, server.ownerKey)
      third.finish()
      const { status, retryAfter, body } = await third.answer
      return status === 503 ? [retryAfter, Problem.parse(JSON.parse(body)).code] : status
    })
    .toEqual(['1', 'overloaded'])
  const elsewhere = hold(port, server.ownerKey, other.id)
  elsewhere.finish()
  expect((await elsewhere.answer).status).toBe(202)
  for (const { finish } of held) finish()
  for (const { answer } of held) expect((await answer).status).toBe(202)
  const after = hold(port, server.ownerKey)
  after.finish()
  expect((await after.answer).status).toBe(202)
})
