import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser } from '../testing/browser.ts'
import { expectProblem } from '../testing/expect-problem.ts'
import { startTestServer, type TestServer } from '../testing/test-server.ts'
import { createHostRule, isSameOrigin } from './host-check.ts'

let server: TestServer
let port: number
beforeAll(async () => {
  server = await startTestServer({
    env: { TRUSTED_HOSTS: 'photos.internal, exact.internal:8443', CORS_ORIGINS: 'https://shop.example' },
  })
  port = Number(new URL(await server.app.listen({ host: '127.0.0.1', port: 0 })).port)
}, 60_000)
afterAll(() => server.close())

/** What comes back for bytes sent as they are; fetch does not let anybody choose `Host`. */
function exchange(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text))
    let answer = ''
    socket.on('data', bytes => {
      answer += bytes.toString('latin1')
    })
    socket.on('close', () => resolve(answer)).on('error', reject)
  })
}
const statusAt = async (host: string, target: string) =>
  Number((await exchange(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)).split(' ')[1])

describe('a host name', () => {
  const isOurs = createHostRule({
    publicUrl: 'https://photos.example',
    trustedHosts: ['photos.internal', 'exact.internal:8443'],
  })

  it('is ours when it is that of PUBLIC_URL, trusted, or of the machine itself', () => {
    const ours = [
      'photos.example',
      'PHOTOS.example',
      'photos.example:443',
      'photos.internal',
      'photos.internal:9',
      'exact.internal:8443',
    ]
    for (const host of [...ours, 'localhost', 'localhost:3000', '127.0.0.1:80', '[::1]:3000', 'a.localhost'])
      expect([host, isOurs(host)]).toEqual([host, true])
    expect(isOurs('10.1.2.3:3000', '10.1.2.3')).toBe(true)
    expect(isOurs('10.1.2.3:3000', '::ffff:10.1.2.3')).toBe(true)
  })

  it('is foreign otherwise, however it is dressed up', () => {
    const foreign = [
      ...[
        'evil.example',
        'photos.example.evil.example',
        'evilphotos.example',
        'exact.internal',
        'exact.internal:1',
        'localhost.evil.example',
      ],
      ...[
        '127.0.0.1.evil.example',
        'photos.example:444',
        'x@photos.example',
        'photos.example/',
        'photos.example#',
        '',
        ' ',
        '10.1.2.3',
        'a b',
      ],
    ]
    for (const host of foreign) expect([host, isOurs(host, '10.9.9.9')]).toEqual([host, false])
    expect(isOurs(undefined)).toBe(false)
  })

  it('makes a page one of ours only with its port', () => {
    expect(isSameOrigin('http://localhost:3000', 'localhost:3000')).toBe(true)
    for (const origin of ['http://localhost:5173', 'null', 'http://evil.example:3000', ''])
      expect(isSameOrigin(origin, 'localhost:3000')).toBe(false)
  })
})

describe('a request under a foreign host', () => {
  it('is refused by the API, the accounts, the console and the documents, not by probes', async () => {
    for (const path of [
      '/api/v1/me',
      '/api/v1/access',
      '/api/auth/get-session',
      '/',
      '/openapi.json',
      '/docs',
      '/nothing',
    ]) {
      expect([path, await statusAt('evil.example', path)]).toEqual([path, 403])
      expect([path, await statusAt(`localhost:${port}`, path)]).not.toEqual([path, 403])
    }
    for (const path of ['/health', '/api/health/liveness', '/api/health/readiness'])
      expect([path, await statusAt('10.0.0.7', path)]).toEqual([path, 200])
    const answer = server.app.inject({
      url: '/api/v1/me',
      headers: { host: 'evil.example', authorization: `Bearer ${server.ownerKey}` },
    })
    await expectProblem(answer, 403, 'foreign_host')
  })

  it('gets what its signature says from delivery, by the quick way and the long one', async () => {
    const { id } = await server.ready(Buffer.from('a picture'))
    const signed = await server.call({ url: `/api/v1/images/${id}/signed-url?format=jpeg` })
    const { pathname, search } = new URL(signed.json().download_url)
    for (const host of ['evil.example', `127.0.0.1:${port}`]) {
      // The second time from memory.
      for (let time = 0; time < 2; time++) expect(await statusAt(host, pathname + search)).toBe(200)
      const range = 'Range: bytes=0-1\r\nConnection: close'
      const long = await exchange(`GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\n${range}\r\n\r\n`)
      expect(long.split(' ')[1]).toBe('206')
      expect(await statusAt(host, pathname)).toBe(403)
    }
  })

  it('does not slip through behind a delivery on the same connection', async () => {
    const delivery = 'GET /cdn/private/01K/01K/abc/full.avif HTTP/1.1\r\nHost: evil.example\r\n\r\n'
    const answer = await exchange(
      `${delivery}GET /api/v1/access HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`,
    )
    expect(answer).toContain('foreign_host')
    expect(answer).not.toContain('"registration"')
  })
})

describe('a page of another origin', () => {
  it('changes nothing with a cookie of ours', async () => {
    const browser = openBrowser(server)
    expect((await browser.signUp('ada@example.org')).statusCode).toBe(200)
    const create = (headers: Record<string, string>) =>
      browser.send({ method: 'POST', url: '/api/v1/organizations', payload: { name: 'X' }, headers })
    for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:4000'])
      await expectProblem(create({ origin }), 403, 'foreign_origin')
    for (const origin of ['https://shop.example', 'http://127.0.0.1:3999'])
      expect((await create({ origin })).statusCode).toBe(201)
    const own = await create({ host: 'photos.internal:90', origin: 'http://photos.internal:90' })
    expect(own.statusCode).toBe(201)
    const signIn = await browser.auth(
      'sign-in/email',
      { email: 'ada@example.org', password: 'a long enough password' },
      { host: 'localhost:90', origin: 'http://localhost:90' },
    )
    expect(signIn.statusCode, signIn.body).toBe(200)
  })
})
