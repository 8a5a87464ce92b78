import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { MAX_ANSWER_BYTES, MAX_KEPT_ANSWER_BYTES, newWebhookSecret, signWebhook } from '@calotype/core'
import { Webhook } from 'standardwebhooks'
import { afterEach, describe, expect, it } from 'vitest'
import { createHttpWebhookSender, type HttpWebhookSenderConfig } from './http-webhook-sender.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function serve(listener: RequestListener, host = '127.0.0.1', port = 0): Promise<number> {
  const server = createServer(listener).listen(port, host)
  servers.push(server)
  await once(server, 'listening')
  return addressOf(server).port
}

/** What a listening TCP server answers. */
const addressOf = (server: Server): AddressInfo => server.address() as AddressInfo

const BODY = '{"type":"image.ready","data":{"reference":"Dach – größer"}}'
const send = (url: string, config: Partial<HttpWebhookSenderConfig> = {}, headers: Record<string, string> = {}) =>
  createHttpWebhookSender({ allowPrivate: true, ...config }).send({ url, headers, body: BODY })

describe('a delivery', () => {
  it('is verified by the official library, byte by byte, with either secret of a rotation', async () => {
    const heard: { headers: Record<string, string>; body: string }[] = []
    const port = await serve(async (request, response) => {
      let body = ''
      for await (const chunk of request.setEncoding('utf8')) body += chunk
      heard.push({ headers: Object.fromEntries(Object.entries(request.headers).map(([k, v]) => [k, String(v)])), body })
      response.writeHead(204).end()
    })
    const secrets = [newWebhookSecret(), newWebhookSecret()]
    const headers = signWebhook({ id: 'msg1', body: BODY, at: new Date() }, secrets)
    const outcome = await send(`http://127.0.0.1:${port}/hook`, {}, headers)
    expect(outcome).toEqual({ status: 204, error: null, answer: '' })
    const [message] = heard
    if (!message) throw new Error('Nothing came')
    for (const secret of secrets)
      expect(new Webhook(secret).verify(message.body, message.headers)).toEqual(JSON.parse(BODY))
    expect(() => new Webhook(newWebhookSecret()).verify(message.body, message.headers)).toThrow()
    expect(() => new Webhook(secrets[0] ?? '').verify(`${message.body} `, message.headers)).toThrow()
  })

  it('follows no redirect', async () => {
    let calls = 0
    const port = await serve((_, response) => {
      calls++
      response.writeHead(307, { location: '/elsewhere' }).end()
    })
    expect(await send(`http://127.0.0.1:${port}/`)).toMatchObject({
      status: 307,
      error: expect.stringMatching(/edirect/),
    })
    expect(calls).toBe(1)
  })

  it('reads a bounded part of the answer and keeps its beginning', async () => {
    let sent = 0
    const port = await serve(async (_, response) => {
      response.writeHead(200)
      const chunk = Buffer.alloc(16 * 1024, 'a')
      while (!response.destroyed && sent < 64 * MAX_ANSWER_BYTES) {
        sent += chunk.length
        if (!response.write(chunk)) await Promise.race([once(response, 'drain'), once(response, 'close')])
      }
    })
    const { status, answer } = await send(`http://127.0.0.1:${port}/`)
    expect(status).toBe(200)
    expect(answer).toBe('a'.repeat(MAX_KEPT_ANSWER_BYTES))
    expect(sent).toBeLessThan(64 * MAX_ANSWER_BYTES)
  })

  it('counts as answered once the status is there, even if the rest drags on; and as failed if nothing comes', async () => {
    const drags = await serve((_, response) => response.writeHead(200).write('begun'))
    expect(await send(`http://127.0.0.1:${drags}/`, { timeoutMs: 200 })).toEqual({
      ...{ status: 200, error: null, answer: 'begun' },
    })
    const hangs = await serve(() => {})
    expect(await send(`http://127.0.0.1:${hangs}/`, { timeoutMs: 200 })).toEqual({
      ...{ status: null, error: 'The receiver did not answer within 0.2 s.', answer: null },
    })
  })

  it('says in plain words what went wrong, without the URL', async () => {
    const port = await serve(request => request.socket.destroy())
    expect(await send(`http://127.0.0.1:${port}/?token=secret`)).toMatchObject({
      error: 'The receiver broke the connection off.',
    })
    const nobody = async () => {
      throw Object.assign(new Error('queryA nowhere.test'), { code: 'ENOTFOUND' })
    }
    expect(await send('http://nowhere.test/', { resolve: nobody })).toMatchObject({
      error: expect.stringMatching(/nowhere\.$/),
    })
    expect(await send('http://nowhere.test/', { resolve: async () => [] })).toMatchObject({ status: null })
  })
})

/** Loopback, private, link-local, CGNAT, multicast, reserved, metadata, mapped, translated and tunnelled. */
const REFUSED = [
  ...[
    '127.0.0.1',
    '127.255.255.254',
    '0.0.0.0',
    '0.1.2.3',
    '10.0.0.1',
    '10.255.255.255',
    '172.16.0.1',
    '172.31.255.254',
  ],
  ...['192.168.0.1', '169.254.0.1', '169.254.169.254', '100.64.0.1', '100.100.100.200', '100.127.255.254'],
  ...['192.0.0.192', '192.0.2.1', '198.18.0.1', '198.51.100.1', '203.0.113.1', '224.0.0.1', '239.255.255.255'],
  ...['240.0.0.1', '255.255.255.255', '168.63.129.16', '192.88.99.1'],
  ...['::', '::1', 'fe80::1', 'febf::1', 'fc00::1', 'fd00:ec2::254', 'ff02::1', 'ff0e::1', '2001:db8::1'],
  ...['::ffff:127.0.0.1', '::ffff:10.0.0.1', '::ffff:169.254.169.254', '::127.0.0.1', '2002:7f00:1::', '2002:a00:1::'],
  ...['64:ff9b::127.0.0.1', '64:ff9b::a9fe:a9fe', '64:ff9b:1::8.8.8.8', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
]
const PRIVATE = { status: null, error: 'The address of this receiver is not public.', answer: null }
const familyOf = (address: string) => (address.includes(':') ? 6 : 4)

describe('an address of our own networks', () => {
  it.each(REFUSED)('is refused: %s, written in the URL or resolved to', async address => {
    const sender = createHttpWebhookSender({ allowPrivate: false })
    const host = familyOf(address) === 6 ? `[${address}]` : address
    expect(sender.refusalOf(`https://${host}/`)).toBe('private_address')
    expect(await send(`https://${host}/`, { allowPrivate: false })).toEqual(PRIVATE)
    const resolve = async () => [{ address, family: familyOf(address) }]
    expect(await send('https://receiver.test/', { allowPrivate: false, resolve })).toEqual(PRIVATE)
    // Hidden behind a good one.
    const both = async () => [{ address: '8.8.8.8', family: 4 }, ...(await resolve())]
    expect(await send('https://receiver.test/', { allowPrivate: false, resolve: both })).toEqual(PRIVATE)
  })

  it.each(['https://0x7f.1/', 'https://2130706433/', 'https://017700000001/', 'https://127.1/'])(
    'is refused: %s',
    url => {
      expect(createHttpWebhookSender({ allowPrivate: false }).refusalOf(url)).toBe('private_address')
    },
  )

  it('is at least forty of them', () => expect(REFUSED.length).toBeGreaterThanOrEqual(40))

  it('is refused when the name leads there only the second time', async () => {
    const answers = ['8.8.8.8', '127.0.0.1']
    const asked: string[] = []
    const resolve = async () => {
      const address = answers[asked.length] ?? '127.0.0.1'
      asked.push(address)
      // The first answer is public: nothing may be sent there from a test.
      if (address === '8.8.8.8') throw Object.assign(new Error('unreachable'), { code: 'ENETUNREACH' })
      return [{ address, family: 4 }]
    }
    let calls = 0
    const port = await serve((_, response) => {
      calls++
      response.end()
    })
    const url = `https://receiver.test:${port}/`
    expect(await send(url, { allowPrivate: false, resolve })).toMatchObject({
      error: 'The receiver cannot be reached.',
    })
    expect(await send(url, { allowPrivate: false, resolve })).toEqual(PRIVATE)
    expect([asked, calls]).toEqual([['8.8.8.8', '127.0.0.1'], 0])
  })

  it('is not reached by asking again: the connection goes to the address that was judged', async () => {
    const heard: string[] = []
    const port = await serve((_, response) => response.end(String(heard.push('judged'))), '127.0.0.1')
    await serve((_, response) => response.end(String(heard.push('rebound'))), '127.0.0.2', port)
    let asked = 0
    const resolve = async () => [{ address: asked++ === 0 ? '127.0.0.1' : '127.0.0.2', family: 4 }]
    expect(await send(`http://receiver.test:${port}/`, { resolve })).toMatchObject({ status: 200 })
    expect([heard, asked]).toEqual([['judged'], 1])
  })
})

it('takes only URLs that are safe to send to', () => {
  const sender = createHttpWebhookSender({ allowPrivate: false })
  const refusals = ['https://example.com/hook?a=1', 'nothing', 'http://example.com/', 'ftp://example.com/'].map(url =>
    sender.refusalOf(url),
  )
  expect(refusals).toEqual([null, 'not_a_url', 'not_https', 'not_https'])
  expect(sender.refusalOf('https://a:b@example.com/')).toBe('credentials')
  expect(sender.refusalOf('https://example.com/#x')).toBe('fragment')
  expect(createHttpWebhookSender({ allowPrivate: true }).refusalOf('http://127.0.0.1:1/')).toBeNull()
})
