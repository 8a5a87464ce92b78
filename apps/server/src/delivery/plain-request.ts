import { CDN_PREFIX } from './grants.ts'

/** All that is asked by the plainest request for an object: its URL and what the client takes. */
export interface PlainRequest {
  url: string
  accept: string | undefined
  requestId: string | undefined
}

const MAX_HEAD_BYTES = 8_192
const METHOD = 'GET '
const VERSION = ' HTTP/1.1\r\n'
const END = '\r\n\r\n'
const HEADER = /([\w!#$%&'*+.^`|~-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*)\r\n/y

/** With one of these a request asks for more, or has a body. */
const NOT_PLAIN = new Set([
  ...['content-length', 'transfer-encoding', 'trailer', 'te', 'expect', 'upgrade', 'http2-settings', 'keep-alive'],
  ...['range', 'if-range', 'if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since', 'origin'],
])

/**
 * Reads a request if it is plain: `GET` of the CDN in HTTP/1.1, its head alone and whole in these bytes, every line beyond doubt, nothing in
 * it that changes the answer but `Accept`. Null for everything else, which is no verdict: Node's own parser reads those bytes then.
 */
export function parsePlainRequest(bytes: Buffer): PlainRequest | null {
  if (bytes.length > MAX_HEAD_BYTES) return null
  const text = bytes.toString('latin1')
  if (!text.startsWith(METHOD + CDN_PREFIX) || text.indexOf(END) !== text.length - END.length) return null
  const urlEnd = text.indexOf(' ', METHOD.length)
  if (!text.startsWith(VERSION, urlEnd)) return null
  const request: PlainRequest = {
    url: text.slice(METHOD.length, urlEnd),
    accept: undefined,
    requestId: undefined,
  }
  return readHeaders(text, urlEnd + VERSION.length, request) ? request : null
}

/** Whether every header is plain, and `Host` is there once. */
function readHeaders(text: string, start: number, request: PlainRequest): boolean {
  const end = text.length - 2
  let hosts = 0
  HEADER.lastIndex = start
  for (let at = start; at < end; at = HEADER.lastIndex) {
    const match = HEADER.exec(text)
    if (!match) return false
    const [, name = '', value = ''] = match
    const lowerName = name.toLowerCase()
    if (NOT_PLAIN.has(lowerName)) return false
    if (lowerName === 'host') hosts += 1
    else if (lowerName === 'connection' && value.toLowerCase() !== 'keep-alive') return false
    else if (lowerName === 'accept') {
      if (request.accept !== undefined) return false
      request.accept = value
    } else if (lowerName === 'x-request-id') {
      if (request.requestId !== undefined) return false
      request.requestId = value
    }
  }
  return hosts === 1
}
