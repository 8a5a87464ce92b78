import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Signer } from './forge-tokens.ts'

/** An issuer that publishes keys, on this machine; it counts how often it is asked and can be away. */
export async function startJwksServer(signers: readonly Signer[]) {
  const state = { signers, asked: 0, away: false }
  const server = createServer((_request, response) => {
    state.asked += 1
    if (state.away) response.writeHead(503).end()
    else {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ keys: state.signers.map(({ jwk }) => jwk) }))
    }
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address: AddressInfo | string | null = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    state,
    url: `http://127.0.0.1:${port}/jwks`,
    close: () => new Promise<void>(resolve => server.close(() => resolve())),
  }
}
