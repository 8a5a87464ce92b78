import { connect } from 'node:net'
import { Problem } from '@calotype/contract'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../testing/test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
  await server.app.listen({ port: 0, host: '127.0.0.1' })
})
afterAll(() => server.close())

/** Everything that the server says until it closes the connection. */
function sendRaw(text: string): Promise<string> {
  const port = server.app.addresses()[0]?.port ?? 0
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let answer = ''
    socket.on('data', chunk => {
      answer += String(chunk)
    })
    socket.on('close', () => resolve(answer))
    socket.on('error', reject)
    socket.write(text)
  })
}

it.each([
  [400, 'GET / HTTP/1.1\r\nhost: x\r\nno header\r\n\r\n'],
  [400, 'BREW / HTTP/1.1\r\nhost: x\r\n\r\n'],
  [400, 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'],
  [431, `GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`],
])('answers what is no request with %d in the one form of errors', async (status, text) => {
  const answer = await sendRaw(text)
  const [head = '', body = ''] = answer.split('\r\n\r\n')
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} .*\r\ncontent-type: application/problem\\+json`))
  const problem = Problem.strict().parse(JSON.parse(body))
  expect(problem).toMatchObject({ status, code: 'invalid_request' })
  expect(head).toContain(`x-request-id: ${problem.request_id}`)
  expect((await server.call({ url: '/health' })).statusCode).toBe(200)
})
