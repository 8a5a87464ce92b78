import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Received {
  method: string
  path: string
  headers: IncomingMessage['headers']
  body: string
}

export interface FakeServer {
  baseUrl: string
  received: Received[]
  /** Each request takes the next answer; the last one stays. */
  answers(...answers: FakeAnswer[]): void
  close(): Promise<void>
}

export type FakeAnswer =
  | { status: number; json?: unknown; headers?: Record<string, string> }
  | ((request: Received, response: ServerResponse) => void)

export async function startFakeServer(): Promise<FakeServer> {
  const received: Received[] = []
  let queue: FakeAnswer[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { method = '', url = '', headers } = request
    const seen = { method, path: url, headers, body: Buffer.concat(chunks).toString('latin1') }
    received.push(seen)
    const answer = queue.length > 1 ? queue.shift() : queue[0]
    if (typeof answer === 'function') answer(seen, response)
    else respond(response, answer ?? { status: 500 })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    baseUrl: `http://127.0.0.1:${portOf(server.address())}`,
    received,
    answers: (...answers) => {
      queue = answers
    },
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function respond(response: ServerResponse, answer: Exclude<FakeAnswer, (...args: never) => unknown>): void {
  const type = answer.status >= 400 ? 'application/problem+json' : 'application/json'
  response.writeHead(answer.status, { 'content-type': type, 'x-request-id': 'req-1', ...answer.headers })
  response.end(answer.json === undefined ? '' : JSON.stringify(answer.json))
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('The fake server has no port.')
  return address.port
}
