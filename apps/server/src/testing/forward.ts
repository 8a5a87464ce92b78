import { once } from 'node:events'
import { Agent, createServer, type IncomingMessage, request } from 'node:http'
import { pipeline } from 'node:stream'

export interface Forwarder {
  url: string
  close(): Promise<void>
}

/**
 * Passes each request on as it came, its `Host` too, so that signatures hold: to the address that `choose` names at that moment.
 * A server that is away is answered for with 502; one that dies in the middle of an answer takes the connection with it.
 */
export async function startForwarder(
  choose: () => string,
  onAnswered: (request: IncomingMessage, status: number) => void = () => {},
): Promise<Forwarder> {
  const agent = new Agent({ keepAlive: true })
  const server = createServer((incoming, reply) => {
    const { hostname, port } = new URL(choose())
    const { method, url: path, rawHeaders } = incoming
    const onward = request({ hostname, port, method, path, headers: [...rawHeaders], agent, setHost: false })
    onward.once('response', answer => {
      const status = answer.statusCode ?? 502
      onAnswered(incoming, status)
      reply.writeHead(status, answer.rawHeaders)
      pipeline(answer, reply, () => {})
    })
    onward.on('error', () => (reply.headersSent ? reply.destroy() : reply.writeHead(502).end()))
    reply.once('close', () => reply.writableFinished || onward.destroy())
    incoming.pipe(onward)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The forwarder has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: async () => {
      server.close()
      server.closeAllConnections()
      agent.destroy()
    },
  }
}
