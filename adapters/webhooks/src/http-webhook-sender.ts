import { lookup as resolveByDns } from 'node:dns/promises'
import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { LookupFunction } from 'node:net'
import { DELIVERY_TIMEOUT_MS, isPublicAddress, type SendOutcome, type WebhookSender } from '@calotype/core'
import { judgeUrl } from './judge-url.ts'
import { readBeginning } from './read-beginning.ts'

export type Resolve = (hostname: string) => Promise<ReadonlyArray<{ address: string; family: number }>>

export interface HttpWebhookSenderConfig {
  /** Lets plain http and addresses of our own networks be called, for laptops and tests. */
  allowPrivate: boolean
  /** Milliseconds until the receiver has to begin its answer; DELIVERY_TIMEOUT_MS unless told. */
  timeoutMs?: number
  /** Asks the system's resolver unless told. */
  resolve?: Resolve
}

type Settings = Required<HttpWebhookSenderConfig>

const PRIVATE = 'The address of this receiver is not public.'

/** Posts messages over HTTP: no redirects, no proxies, no cookies, each on a connection of its own to the very address that was judged. */
export function createHttpWebhookSender(config: HttpWebhookSenderConfig): WebhookSender {
  const settings: Settings = {
    timeoutMs: DELIVERY_TIMEOUT_MS,
    resolve: hostname => resolveByDns(hostname, { all: true }),
    ...config,
  }
  return {
    refusalOf: url => judgeUrl(url, config),
    send: async request => {
      const refusal = judgeUrl(request.url, config)
      if (refusal) return failed(refusal === 'private_address' ? PRIVATE : 'This URL cannot be called.')
      try {
        return await post(request, settings)
      } catch (error) {
        return failed(wordsOf(error))
      }
    },
  }
}

const failed = (error: string): SendOutcome => ({ status: null, error, answer: null })

function post({ url, headers, body }: Parameters<WebhookSender['send']>[0], settings: Settings): Promise<SendOutcome> {
  const begin = url.startsWith('https:') ? requestHttps : requestHttp
  return new Promise((resolve, reject) => {
    const request = begin(url, {
      method: 'POST',
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      // A new connection each time: one that was kept open was judged long ago.
      agent: false,
      lookup: judgedLookup(settings),
    })
    const late = setTimeout(() => request.destroy(new TooLate(settings.timeoutMs)), settings.timeoutMs)
    const finish = async (answer: IncomingMessage) => {
      const text = await readBeginning(answer)
      const { statusCode = 0 } = answer
      const isRedirect = statusCode >= 300 && statusCode < 400
      return { status: statusCode, error: isRedirect ? 'Redirects are not followed.' : null, answer: text }
    }
    request.once('response', answer => {
      // From here on it is an answer, whatever becomes of the connection.
      request.removeAllListeners('error').on('error', () => {})
      finish(answer)
        .then(resolve, reject)
        .finally(() => {
          clearTimeout(late)
          request.destroy()
        })
    })
    request.once('error', error => {
      clearTimeout(late)
      reject(error)
    })
    request.end(body)
  })
}

/** What the connection is made to: one address that is not public spoils them all. */
function judgedLookup({ resolve, allowPrivate }: Settings): LookupFunction {
  return (hostname, options, done) => {
    resolve(hostname).then(
      found => {
        const [first] = found
        if (!first) return done(new NotThere(), '', 0)
        if (!allowPrivate && !found.every(({ address }) => isPublicAddress(address)))
          return done(new NotPublic(), '', 0)
        return options.all ? done(null, [...found]) : done(null, first.address, first.family)
      },
      (error: Error) => done(error, '', 0),
    )
  }
}

class TooLate extends Error {
  constructor(limitMs: number) {
    super(`The receiver did not answer within ${limitMs / 1000} s.`)
  }
}
class NotPublic extends Error {
  constructor() {
    super(PRIVATE)
  }
}
class NotThere extends Error {
  constructor() {
    super('The name of this receiver leads nowhere.')
  }
}

const WORDS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'The name of this receiver leads nowhere.',
  EAI_AGAIN: 'The name of this receiver could not be resolved now.',
  ECONNREFUSED: 'The receiver refused the connection.',
  ECONNRESET: 'The receiver broke the connection off.',
  ETIMEDOUT: 'The receiver could not be reached in time.',
  EHOSTUNREACH: 'The receiver cannot be reached.',
  ENETUNREACH: 'The receiver cannot be reached.',
}

/** Words of our own or a code: the library's messages name addresses. */
function wordsOf(error: unknown): string {
  if (error instanceof TooLate || error instanceof NotPublic || error instanceof NotThere) return error.message
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  return WORDS[code] ?? `The connection failed (${code}).`
}
