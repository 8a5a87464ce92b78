import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { gzipSync } from 'node:zlib'
import { isPublicAddress } from '@calotype/core'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { MAX_URL_LENGTH } from './check-url.ts'
import { createHttpRemoteFiles, type HttpRemoteFilesConfig, MAX_REDIRECTS } from './http-remote-files.ts'

const closers: Array<() => void> = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

/** A server of this test alone; its port is the only one that may be called. */
async function serve(listener: RequestListener): Promise<{ port: number; server: Server }> {
  const server = createServer(listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return { port: portOf(server.address()), server }
}

const portOf = (address: AddressInfo | string | null): number => {
  if (address === null || typeof address === 'string') throw new Error('There is no port')
  return address.port
}

const at = (address: string) => [{ address, family: 4 }]
const SHORT = { connectMs: 150, idleMs: 150, totalMs: 400 }

const filesOf = (port: number, more: Partial<HttpRemoteFilesConfig> = {}) =>
  createHttpRemoteFiles({ ports: [port], mayCall: () => true, userAgent: 'Calotype', ...more })

async function read(files: ReturnType<typeof filesOf>, url: string): Promise<Buffer> {
  const { body } = await files.open(url)
  const chunks: Buffer[] = []
  for await (const chunk of body) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

describe('a file that is there', () => {
  it('is fetched as it is, with no cookies, credentials or compression asked for', async () => {
    const seen: string[] = []
    const { port } = await serve((request, answer) => {
      seen.push(...request.rawHeaders)
      answer.setHeader('set-cookie', 'a=b')
      answer.end('the picture')
    })
    const files = filesOf(port)
    for (const _time of [1, 2])
      expect((await read(files, `http://127.0.0.1:${port}/a.jpg`)).toString()).toBe('the picture')
    expect(seen.map(text => text.toLowerCase())).not.toContain('cookie')
    expect(seen.map(text => text.toLowerCase())).not.toContain('authorization')
    expect(seen).toContain('identity')
  })

  it('tells its announced length', async () => {
    const { port } = await serve((_request, answer) => answer.end('twelve bytes'))
    const file = await filesOf(port).open(`http://127.0.0.1:${port}/`)
    file.body.destroy()
    expect(file.sizeBytes).toBe(12)
  })

  it('is fetched through redirects, relative ones too, but not through too many', async () => {
    const { port } = await serve((request, answer) => {
      const left = Number(request.url?.slice(1))
      if (left > 0) answer.writeHead(302, { location: `/${left - 1}` }).end()
      else answer.end('here')
    })
    const url = `http://127.0.0.1:${port}`
    expect((await read(filesOf(port), `${url}/${MAX_REDIRECTS}`)).toString()).toBe('here')
    await expect(read(filesOf(port), `${url}/${MAX_REDIRECTS + 1}`)).rejects.toMatchObject({ code: 'import_refused' })
  })
})

describe('an address that is not public', () => {
  const closed = { mayCall: isPublicAddress }
  const refused = { code: 'import_refused', kind: 'content' }

  it('is refused by the text of the URL, in whatever notation, before anything is sent', async () => {
    const heard = vi.fn()
    const { port } = await serve((_request, answer) => answer.end(heard()))
    const hosts = ['127.0.0.1', '0x7f.1', '017700000001', '2130706433', '127.1', '[::1]', '[::ffff:127.0.0.1]', '0']
    for (const host of hosts)
      await expect(read(filesOf(port, closed), `http://${host}:${port}/`), host).rejects.toMatchObject(refused)
    expect(heard).not.toHaveBeenCalled()
  })

  it('is refused after its name was resolved, even when only one of many is private', async () => {
    const heard = vi.fn()
    const { port } = await serve((_request, answer) => answer.end(heard()))
    for (const addresses of [at('127.0.0.1'), at('169.254.169.254'), [...at('93.184.216.34'), ...at('10.0.0.1')]]) {
      const files = filesOf(port, { ...closed, resolve: async () => addresses })
      await expect(read(files, `http://innocent.example:${port}/`)).rejects.toMatchObject(refused)
    }
    expect(heard).not.toHaveBeenCalled()
    await expect(read(filesOf(port, closed), `http://localhost:${port}/`)).rejects.toMatchObject(refused)
  })

  it('is refused on a redirect, by address and by name', async () => {
    const heard = vi.fn()
    const { port } = await serve((_request, answer) => answer.end(heard()))
    const port80 = 'http://169.254.169.254/'
    const targets = [
      `http://127.0.0.2:${port}/`,
      `http://inside.example:${port}/`,
      port80,
      'file:///etc/passwd',
      `//localhost:${port}/`,
    ]
    // This one address stands for a public one.
    const mayCall = (address: string) => address === '127.0.0.1' || isPublicAddress(address)
    for (const location of targets) {
      const front = await serve((_request, answer) => answer.writeHead(301, { location }).end())
      const resolve = async (name: string) => at(name === 'front.example' ? '127.0.0.1' : '127.0.0.2')
      const files = filesOf(front.port, { mayCall, ports: [front.port, port, 80], resolve })
      await expect(read(files, `http://front.example:${front.port}/`), location).rejects.toMatchObject(refused)
    }
    expect(heard).not.toHaveBeenCalled()
  })

  it('gains nothing by resolving to something else the next time', async () => {
    const inside = vi.fn()
    const { port } = await serve((_request, answer) => answer.end(inside()))
    const answers = [at('93.184.216.34'), at('127.0.0.1'), at('127.0.0.1')]
    const resolve = vi.fn(async () => answers.shift() ?? at('127.0.0.1'))
    const files = filesOf(port, { ...closed, resolve, times: SHORT })
    // Nobody answers at the public address; the private one is never asked.
    await expect(read(files, `http://rebind.example:${port}/`)).rejects.toMatchObject({ code: 'import_failed' })
    expect(resolve).toHaveBeenCalledTimes(1)
    expect(inside).not.toHaveBeenCalled()
  })
})

describe('a URL that is never fetched', () => {
  const { check } = filesOf(80, { ports: [80, 443], mayCall: isPublicAddress })
  it.each([
    ['ftp://example.org/a.jpg'],
    ['file:///etc/passwd'],
    ['data:image/png;base64,AAAA'],
    ['http://user@example.org/'],
    ['http://user:secret@example.org/'],
    ['http://example.org:22/'],
    ['https://example.org:8443/'],
    ['not a url'],
    ['//example.org/'],
    [''],
    [`http://example.org/${'a'.repeat(MAX_URL_LENGTH)}`],
    ['http://[fe80::1]/'],
    ['http://192.168.0.1/'],
  ])('%s', url => {
    expect(() => check(url)).toThrow(expect.objectContaining({ code: 'import_refused' }))
  })

  it('is none of these', () => {
    expect(check('HTTP://EXAMPLE.org:443/a b.jpg#x')).toBe('http://example.org:443/a%20b.jpg#x')
    expect(check('https://8.8.8.8/')).toBe('https://8.8.8.8/')
  })
})

describe('an answer that is no file', () => {
  it.each([
    [404, 'content'],
    [403, 'content'],
    [204, 'content'],
    [206, 'content'],
    [304, 'content'],
    [429, 'network'],
    [408, 'network'],
    [500, 'network'],
    [503, 'network'],
  ])('%i is of kind %s', async (status, kind) => {
    const { port } = await serve((_request, answer) => answer.writeHead(status).end())
    await expect(read(filesOf(port), `http://127.0.0.1:${port}/`)).rejects.toMatchObject({
      code: 'import_failed',
      kind,
    })
  })

  it('is not unpacked when it comes compressed, however small the bomb', async () => {
    const { port } = await serve((_request, answer) => {
      answer.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(1_000_000)))
    })
    const reason = 'the server sent it compressed'
    await expect(read(filesOf(port), `http://127.0.0.1:${port}/`)).rejects.toMatchObject({ details: { reason } })
  })

  it('is a redirect to nowhere', async () => {
    const { port } = await serve((_request, answer) => answer.writeHead(302).end())
    await expect(read(filesOf(port), `http://127.0.0.1:${port}/`)).rejects.toMatchObject({ kind: 'content' })
  })
})

describe('a server that plays for time', () => {
  const failed = { code: 'import_failed', kind: 'network' }
  const readShort = (port: number) => read(filesOf(port, { times: SHORT }), `http://127.0.0.1:${port}/`)

  it('never answers', async () => {
    const { port } = await serve(() => undefined)
    await expect(readShort(port)).rejects.toMatchObject({ ...failed, message: expect.stringContaining('0.15 s') })
  })

  it('stops in the middle', async () => {
    const { port } = await serve((_request, answer) => answer.writeHead(200).write('some'))
    await expect(readShort(port)).rejects.toMatchObject({ ...failed, message: expect.stringContaining('0.15 s') })
  })

  it('drips for ever, or sends without end', async () => {
    const { port } = await serve((_request, answer) => {
      const timer = setInterval(() => answer.write('x'), 20)
      answer.once('close', () => clearInterval(timer))
    })
    await expect(readShort(port)).rejects.toMatchObject({ ...failed, message: expect.stringContaining('0.4 s') })
  })

  it('keeps a name from being resolved', async () => {
    const files = filesOf(80, { times: SHORT, resolve: () => new Promise(() => undefined) })
    await expect(files.open('http://slow.example/')).rejects.toMatchObject({
      ...failed,
      message: expect.stringContaining('0.4 s'),
    })
  })
})

describe('a server that lies or breaks', () => {
  const failed = { code: 'import_failed', kind: 'network' }

  it('sends less than it announced', async () => {
    const { port } = await serve((_request, answer) => {
      answer.writeHead(200, { 'content-length': '1000' })
      answer.write('short')
      setTimeout(() => answer.destroy(), 20)
    })
    await expect(read(filesOf(port), `http://127.0.0.1:${port}/`)).rejects.toMatchObject(failed)
  })

  it('speaks no HTTP, or sends headers without end', async () => {
    const words = ['SSH-2.0-OpenSSH\r\n', `HTTP/1.1 200 OK\r\n${'x-a: aaaaaaaaaaaaaaaa\r\n'.repeat(2_000)}`]
    for (const text of words) {
      const server = createTcpServer(socket => socket.on('error', () => undefined).write(text))
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      closers.push(() => server.close())
      const port = portOf(server.address())
      await expect(read(filesOf(port), `http://127.0.0.1:${port}/`)).rejects.toMatchObject(failed)
    }
  })

  it('is not there, or has no name', async () => {
    const { port, server } = await serve(() => undefined)
    server.close()
    await once(server, 'close')
    await expect(read(filesOf(port), `http://127.0.0.1:${port}/`)).rejects.toMatchObject(failed)
    for (const resolve of [async () => [], () => Promise.reject(new Error('ENOTFOUND'))])
      await expect(filesOf(80, { resolve }).open('http://nowhere.example/')).rejects.toMatchObject(failed)
  })
})
