import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { fetchJwks } from './fetch-jwks.ts'
import { MAX_KEYS_BYTES } from './limits.ts'

const closers: Array<() => void> = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const address: AddressInfo | string | null = server.address()
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/jwks`
}

describe('the document of an issuer', () => {
  it('is what the issuer answers', async () => {
    const url = await serve((_, response) => response.end('{"keys":[]}'))
    expect(await fetchJwks(url)).toEqual({ keys: [] })
  })

  it('is not taken from elsewhere, cut off, or from an error', async () => {
    const elsewhere = await serve((_, response) => response.end('{"keys":[]}'))
    const wrong: RequestListener[] = [
      (_, response) => response.writeHead(302, { location: elsewhere }).end(),
      (_, response) => response.writeHead(500).end('{"keys":[]}'),
      (_, response) => response.writeHead(204).end(),
      (_, response) => response.end('<html>'),
      (_, response) => {
        response.writeHead(200, { 'content-length': '100' })
        response.write('{"keys":[]}', () => response.destroy())
      },
    ]
    for (const listener of wrong) await expect(fetchJwks(await serve(listener))).rejects.toThrow()
    await expect(fetchJwks('http://127.0.0.1:1/jwks')).rejects.toThrow()
  })

  it('is not read past its limit', async () => {
    const just = `{"keys":[],"x":"${'x'.repeat(MAX_KEYS_BYTES - 18)}"}`
    expect(just.length).toBe(MAX_KEYS_BYTES)
    expect(await fetchJwks(await serve((_, response) => response.end(just)))).toHaveProperty('keys')
    await expect(fetchJwks(await serve((_, response) => response.end(`${just} `)))).rejects.toThrow(/larger/)
    const endless = await serve((_, response) => {
      const timer = setInterval(() => response.write('x'.repeat(65_536)), 1)
      response.on('close', () => clearInterval(timer))
    })
    await expect(fetchJwks(endless)).rejects.toThrow(/larger/)
  })

  it('is not waited for for ever, not for its end either', async () => {
    await expect(fetchJwks(await serve(() => {}), 50)).rejects.toThrow()
    const stalls = await serve((_, response) => void response.write('{'))
    await expect(fetchJwks(stalls, 50)).rejects.toThrow()
  })
})
