import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Deps } from '../deps.ts'
import { isSameOrigin } from './host-check.ts'
import { toProblem } from './problem.ts'
import { COUNTED_CALLS, countAttempt, rateHeaders } from './sign-in-limits.ts'

export const ACCOUNTS_PREFIX = '/api/auth'
/** Bytes of a body; the longest true one has a name, an address and two passwords. */
export const MAX_ACCOUNT_BODY_BYTES = 16 * 1024
/** What the account library gets to see of a request. */
const PASSED_ON = [
  'cookie',
  'origin',
  'referer',
  'user-agent',
  'content-type',
  'accept',
  'x-calotype-invitation',
] as const
const FETCH_METADATA = ['sec-fetch-site', 'sec-fetch-mode', 'sec-fetch-dest'] as const

/** What our rules need to know and the library does not tell them. Set here and taken over from nobody. */
export const REQUEST_ID_HEADER = 'x-calotype-request-id'
export const ADDRESS_HEADER = 'x-calotype-address'

type AccountDeps = Pick<Deps, 'accounts' | 'rateLimiter' | 'publicUrl' | 'signIns'>

/** Everything under /api/auth: the library's calls and its form of errors, with our limits around them. */
export async function accountsRoute(app: FastifyInstance, deps: AccountDeps): Promise<void> {
  const { origin } = new URL(deps.publicUrl)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string', bodyLimit: MAX_ACCOUNT_BODY_BYTES }, (_request, body, done) =>
    done(null, body),
  )
  app.setErrorHandler((error: Error, request, reply) => {
    const problem = toProblem(error, { requestId: request.id, publicUrl: deps.publicUrl })
    // Without the message: those of the database repeat addresses.
    if (problem.defect) request.log.error({ error: error.name, frames: framesOf(error) }, 'unexpected error')
    request.errorCode = problem.body.code
    return reply
      .code(problem.status)
      .headers(problem.headers)
      .send({ code: problem.body.code, message: problem.body.detail })
  })
  app.all('/*', { config: { open: true }, schema: { hide: true } }, async (request, reply) => {
    const path = request.url.split('?', 1)[0]?.slice(ACCOUNTS_PREFIX.length) ?? ''
    const body = typeof request.body === 'string' ? request.body : ''
    const email = emailIn(body)
    void reply.header('cache-control', 'no-store')
    if (COUNTED_CALLS.has(path)) {
      const verdict = await countAttempt(deps.rateLimiter, { ip: request.ip, email })
      void reply.headers(rateHeaders(verdict))
      if (verdict.allowed === 0) {
        request.errorCode = 'rate_limited'
        return reply
          .code(429)
          .send({ code: 'rate_limited', message: 'Too many attempts. Wait a little and try again.' })
      }
    }
    const answer = await deps.accounts.handle(toWebRequest(request, origin, body))
    if (path === '/sign-in/email')
      deps.signIns.note({ email, status: answer.status, ip: request.ip, requestId: request.id })
    for (const [name, value] of answer.headers) if (name !== 'set-cookie') void reply.header(name, value)
    const cookies = answer.headers.getSetCookie()
    if (cookies.length > 0) void reply.header('set-cookie', cookies)
    void reply.header('cache-control', 'no-store')
    return reply.code(answer.status).send(await answer.text())
  })
}

const WithEmail = z.object({ email: z.string() })

/** The e-mail address that a body speaks of, to count by. */
function emailIn(body: string): string | null {
  try {
    return WithEmail.parse(JSON.parse(body)).email
  } catch {
    return null
  }
}

function toWebRequest(request: FastifyRequest, publicOrigin: string, body: string): Request {
  const headers = new Headers()
  for (const name of [...PASSED_ON, ...FETCH_METADATA]) {
    const value = request.headers[name]
    if (typeof value === 'string') headers.set(name, value)
  }
  // The library knows one name of ours; under the others a page of ours is no stranger either.
  const given = request.headers.origin
  if (given !== undefined && isSameOrigin(given, request.headers.host)) headers.set('origin', publicOrigin)
  headers.set(REQUEST_ID_HEADER, request.id)
  headers.set(ADDRESS_HEADER, request.ip)
  const hasBody = request.method !== 'GET' && request.method !== 'HEAD'
  return new Request(`${publicOrigin}${request.url}`, {
    method: request.method,
    headers,
    ...(hasBody && body !== '' ? { body } : {}),
  })
}

const framesOf = ({ stack = '' }: Error): string[] => stack.split('\n').filter(line => /^\s+at /.test(line))
