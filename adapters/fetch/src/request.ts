import http, { type IncomingMessage, type RequestOptions } from 'node:http'
import https from 'node:https'
import { DomainError, importInterrupted } from '@calotype/core'
import { type Times, type Total, tookTooLong } from './times.ts'

/** All headers of an answer together. */
const MAX_HEADER_BYTES = 16 * 1024

export interface ResolvedAddress {
  address: string
  family: number
}

export interface Hop {
  url: URL
  /** Already judged: no other one is called. */
  addresses: readonly ResolvedAddress[]
  userAgent: string
  times: Times
  total: Total
}

/** One GET without a body, over a connection of its own; resolves when the headers of the answer are there. */
export function request({ url, addresses, userAgent, times, total }: Hop): Promise<IncomingMessage> {
  const options: RequestOptions = {
    method: 'GET',
    // A connection of its own: none is shared that was made to an address judged for somebody else.
    agent: false,
    headers: { 'user-agent': userAgent, accept: 'image/*,*/*;q=0.1', 'accept-encoding': 'identity' },
    maxHeaderSize: MAX_HEADER_BYTES,
    signal: total.signal,
    lookup: (_hostname, { all }, callback) => {
      const [first] = addresses
      if (all === true) callback(null, [...addresses])
      else callback(null, first?.address ?? '', first?.family)
    },
  }
  return new Promise((resolve, reject) => {
    const sent = (url.protocol === 'https:' ? https : http).request(url, options)
    // Each wait has its own limit: for the connection, TLS included, then for the answer to begin.
    let timer = setTimeout(() => sent.destroy(tookTooLong(times.connectMs)), times.connectMs)
    const connected = () => {
      clearTimeout(timer)
      timer = setTimeout(() => sent.destroy(tookTooLong(times.idleMs)), times.idleMs)
    }
    sent.once('socket', socket => socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', connected))
    sent.once('response', answer => {
      clearTimeout(timer)
      resolve(answer)
    })
    sent.on('error', error => {
      clearTimeout(timer)
      reject(toImportError(error, total))
    })
    sent.end()
  })
}

/** What broke, without a word of it that could show an address of our own network. */
export function toImportError(error: unknown, total: Total): Error {
  if (total.signal.aborted && total.signal.reason instanceof Error) return total.signal.reason
  if (error instanceof DomainError) return error
  return importInterrupted('the connection failed or broke off', error)
}
