import { describe, expect, it } from 'vitest'
import { parsePlainRequest } from './plain-request.ts'

const parse = (text: string) => parsePlainRequest(Buffer.from(text, 'latin1'))
const plain = (...lines: string[]) =>
  `GET /cdn/private/a?b=c HTTP/1.1\r\nHost: x\r\n${lines.map(l => `${l}\r\n`).join('')}\r\n`

describe('parsePlainRequest', () => {
  it('reads what a browser sends for a picture', () => {
    const text = plain(
      'Connection: keep-alive',
      'sec-ch-ua: "Chromium";v="140"',
      'User-Agent: Mozilla/5.0 (X11; Linux x86_64)',
      'ACCEPT:image/avif,image/webp,*/*;q=0.8',
      'X-Request-Id:  mine-1',
      'Referer: http://x/',
      'Accept-Language: de\xe4',
      'Cookie: a=b; c=d',
    )
    expect(parse(text)).toEqual({
      url: '/cdn/private/a?b=c',
      accept: 'image/avif,image/webp,*/*;q=0.8',
      requestId: 'mine-1',
    })
  })

  it('knows what was not sent', () => {
    expect(parse(plain())).toEqual({ url: '/cdn/private/a?b=c', accept: undefined, requestId: undefined })
  })

  it.each([
    ['another method', plain().replace('GET', 'HEAD')],
    ['another path', plain().replace('/cdn/', '/api/')],
    ['another version', plain().replace('1.1', '1.0')],
    ['no version', plain().replace(' HTTP/1.1', '')],
    ['an absolute URL', plain().replace('/cdn', 'http://x/cdn')],
    ['a head that is not whole', plain().slice(0, -2)],
    ['a head that is cut in a line', plain().slice(0, -8)],
    ['a second request behind it', plain() + plain()],
    ['a body behind it', `${plain()}x`],
    ['an empty line before it', `\r\n${plain()}`],
    ['line feeds alone', plain().replaceAll('\r\n', '\n')],
    ['one line feed alone', plain('A: b\nTransfer-Encoding: chunked')],
    ['a carriage return alone', plain('A: b\rContent-Length: 3')],
    ['a folded line', plain('A: b', ' c: d')],
    ['a space before the colon', plain('Content-Length : 3')],
    ['a name with a control character', plain('Transfer-Encoding\x0b: chunked')],
    ['a name that is none', plain(': b')],
    ['a line without a colon', plain('abc')],
    ['a zero byte', plain('A: \0')],
    ['no host', plain().replace('Host: x\r\n', '')],
    ['two hosts', plain('host: y')],
    ['two Accepts', plain('Accept: a/b', 'accept: c/d')],
    ['two request ids', plain('X-Request-Id: a', 'X-Request-Id: b')],
    ['a length', plain('Content-Length: 0')],
    ['a coding', plain('transfer-encoding: chunked')],
    ['a range', plain('Range: bytes=0-1')],
    ['a condition', plain('If-None-Match: "a"')],
    ['an origin', plain('Origin: http://y')],
    ['an upgrade', plain('Connection: upgrade', 'Upgrade: websocket')],
    ['a close', plain('Connection: close')],
    ['an expectation', plain('Expect: 100-continue')],
    ['a very long head', plain(`A: ${'b'.repeat(9_000)}`)],
    ['nothing', ''],
    ['noise', '\x16\x03\x01\x02\0\x01'],
  ])('leaves to the full parser: %s', (_name, text) => {
    expect(parse(text)).toBeNull()
  })
})
