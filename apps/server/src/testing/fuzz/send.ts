import http from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Sent {
  method: string
  /** Path and query as they go over the wire. */
  path: string
  headers: Record<string, string>
  body: Buffer | null
}

export interface Received {
  status: number
  type: string
  body: string
}

/** Streams of events have no end: their beginning is the answer. */
const ENDLESS = 'text/event-stream'
const ANSWER_LIMIT_MS = 40_000

/** A client that sends what it is told, byte by byte; no part of it makes a request nicer than it is. */
export function createSender(address: AddressInfo) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 4 })
  const send = (sent: Sent): Promise<Received> =>
    new Promise((resolve, reject) => {
      const { method, path, headers, body } = sent
      const length = body === null ? {} : { 'content-length': String(body.length) }
      const request = http.request(
        {
          agent,
          host: '127.0.0.1',
          port: address.port,
          method,
          path,
          headers: { ...headers, ...length },
          timeout: ANSWER_LIMIT_MS,
        },
        response => {
          const type = response.headers['content-type'] ?? ''
          const status = response.statusCode ?? 0
          if (type.startsWith(ENDLESS)) {
            response.destroy()
            return resolve({ status, type, body: '' })
          }
          const chunks: Buffer[] = []
          response.on('data', chunk => chunks.push(Buffer.from(chunk)))
          response.on('end', () => resolve({ status, type, body: Buffer.concat(chunks).toString() }))
          response.on('error', reject)
        },
      )
      request.on('timeout', () => request.destroy(new Error(`no answer within ${ANSWER_LIMIT_MS} ms`)))
      request.on('error', reject)
      request.end(body ?? undefined)
    })
  return { send, close: () => agent.destroy() }
}
