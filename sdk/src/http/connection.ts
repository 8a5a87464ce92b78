import { type Answer, bodyOf, throwIfRefused } from './answer.ts'
import { withRetries } from './retry.ts'
import { type Fetch, type Outgoing, type Progress, type Send, sendByFetch, sendByXhr } from './send.ts'

export interface ConnectionOptions {
  /** Where Calotype listens, for example `https://images.example.com`. */
  baseUrl: string
  /** Without a key the browser's session cookie is used. */
  apiKey?: string
  fetch?: Fetch
  /** How often a call is tried in all when the server is busy. */
  tries?: number
}

export interface Call {
  method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  headers?: Record<string, string> | undefined
  /** Where a person waits for the answer: a busy server is not asked again. */
  once?: boolean
  query?: Record<string, string | number | undefined>
  json?: unknown
  form?: FormData
  body?: Blob | undefined
  /** The same key with the same request creates once, so that a broken connection can be tried again. */
  idempotencyKey?: string | undefined
  signal?: AbortSignal | undefined
  onProgress?: ((progress: Progress) => void) | undefined
}

export interface Connection {
  call(call: Call): Promise<Answer>
  callFor<T>(call: Call): Promise<T>
  /** To another place, without our credentials: a signed upload URL. */
  sendElsewhere(outgoing: Outgoing): Promise<Answer>
  url(path: string, query?: Call['query']): string
  credentials(): Record<string, string>
  fetch: Fetch
}

const TRIES = 4
/** Accounts have their library's paths beside the API's own. */
const AUTH = '/api/auth/'

export function createConnection(options: ConnectionOptions): Connection {
  const fetch: Fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init))
  const plain = sendByFetch(fetch)
  const upload: Send = options.fetch === undefined && 'XMLHttpRequest' in globalThis ? sendByXhr : plain
  const base = options.baseUrl.replace(/\/+$/, '')
  const tries = options.tries ?? TRIES

  const url = (path: string, query: Call['query'] = {}) => {
    const search = new URLSearchParams()
    for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value))
    const prefix = path.startsWith(AUTH) ? '' : '/api/v1'
    return `${base}${prefix}${path}${search.size > 0 ? `?${search}` : ''}`
  }
  // The header cannot be set by a foreign page's form: it is the guard of cookie sessions.
  const credentials = (): Record<string, string> =>
    options.apiKey === undefined ? { 'x-calotype-console': '1' } : { authorization: `Bearer ${options.apiKey}` }

  const call = ({
    method = 'GET',
    path,
    query,
    headers,
    json,
    form,
    body,
    once = false,
    signal,
    onProgress,
    idempotencyKey,
  }: Call) =>
    withRetries(
      async () => {
        const send = form === undefined && body === undefined ? plain : upload
        const answer = await send({
          method,
          url: url(path, query),
          headers: {
            accept: 'application/json',
            ...credentials(),
            ...(json === undefined ? {} : { 'content-type': 'application/json' }),
            ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
            ...headers,
          },
          body: json === undefined ? (form ?? body) : JSON.stringify(json),
          signal,
          onProgress,
        })
        return throwIfRefused(answer)
      },
      { tries: once ? 1 : tries, signal, retryBrokenConnections: method === 'GET' || idempotencyKey !== undefined },
    )

  return {
    call,
    callFor: async call_ => bodyOf(await call(call_)),
    sendElsewhere: outgoing =>
      withRetries(async () => throwIfRefused(await upload(outgoing)), { tries, signal: outgoing.signal }),
    url,
    credentials,
    fetch,
  }
}
