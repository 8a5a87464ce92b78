/** Bytes of an answer that are read; probes are far smaller. */
const MAX_ANSWER_BYTES = 64 * 1024
/** An address that has not answered by then does not. */
const ANSWER_LIMIT_MS = 15_000

export interface WebAnswer {
  status: number
  headers: Headers
  /** At most the beginning. */
  text: string
  /** The server's clock, by its `Date` header, and ours in the middle of asking. */
  date: Date | null
  askedAt: Date
}

export interface WebRequest {
  method?: string
  headers?: Record<string, string>
  body?: string
}

/** Asks an address like every client. Redirects are answers. Rejects when nobody answers. */
export type Web = (url: string, request?: WebRequest) => Promise<WebAnswer>

export const createWeb =
  (signal: AbortSignal): Web =>
  async (url, { method = 'GET', headers = {}, body } = {}) => {
    const began = Date.now()
    const limit = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_LIMIT_MS)])
    // Bytes, because a text would bring a content type along.
    const bytes = body === undefined ? {} : { body: new TextEncoder().encode(body) }
    const answer = await reach(url, { method, headers, redirect: 'manual', signal: limit, ...bytes })
    const askedAt = new Date((began + Date.now()) / 2)
    const date = new Date(answer.headers.get('date') ?? Number.NaN)
    return {
      ...{ status: answer.status, headers: answer.headers, text: await beginningOf(answer), askedAt },
      date: Number.isNaN(date.getTime()) ? null : date,
    }
  }

/** An error that says why: that of `fetch` hides it, and must not show the address, which may be signed. */
async function reach(url: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, request)
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    const reason = cause instanceof Error ? ('code' in cause ? String(cause.code) : cause.message) : 'no answer'
    throw Object.assign(new Error(`${new URL(url).host} does not answer (${reason})`), { code: 'no_answer' })
  }
}

async function beginningOf({ body }: Response): Promise<string> {
  if (body === null) return ''
  let bytes = Buffer.alloc(0)
  for await (const chunk of body) {
    bytes = Buffer.concat([bytes, chunk])
    if (bytes.length >= MAX_ANSWER_BYTES) break
  }
  return bytes.subarray(0, MAX_ANSWER_BYTES).toString('utf8')
}
