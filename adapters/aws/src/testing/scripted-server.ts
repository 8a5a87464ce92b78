import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'

export interface Heard {
  method: string
  url: string
  headers: IncomingMessage['headers']
  body: Buffer
}

/** What a server does with one request. */
export type Answer = (response: ServerResponse, heard: Heard) => void

export interface ScriptedServer {
  endpoint: string
  heard: readonly Heard[]
  close(): Promise<void>
}

/** A server on the loopback address that answers by a script, in order; the last answer goes on. */
export async function startScriptedServer(...script: readonly Answer[]): Promise<ScriptedServer> {
  const heard: Heard[] = []
  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request
    const call = { method, url, headers, body: await buffer(request) }
    heard.push(call)
    const answer = script[Math.min(heard.length, script.length) - 1]
    answer?.(response, call)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('No port')
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    heard,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** An answer as S3 gives it. */
export const answer =
  (status: number, body: string | Buffer = '', headers: Record<string, string> = {}): Answer =>
  response =>
    void response.writeHead(status, { 'content-length': String(Buffer.byteLength(body)), ...headers }).end(body)

export const s3Error = (status: number, code: string): Answer =>
  answer(status, `<Error><Code>${code}</Code><Message>${code}</Message></Error>`, { 'content-type': 'application/xml' })

/** The connection ends without an answer. */
export const cut: Answer = response => void response.socket?.destroy()

/** Nothing ever comes. */
export const stall: Answer = () => {}

/** Promises a whole body and gives its beginning, then cuts or goes on saying nothing. */
export const begin =
  (bytes: Buffer, given: number, then: 'cut' | 'stall', headers: Record<string, string> = {}): Answer =>
  response => {
    response.writeHead(200, { 'content-length': String(bytes.length), etag: '"e"', ...headers })
    response.write(bytes.subarray(0, given), () => {
      if (then === 'cut') response.socket?.destroy()
    })
  }
