import { type Action, type Actor, authenticate, type Context, DomainError, unauthorized } from '@calotype/core'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Deps } from '../deps.ts'

export const SESSION_COOKIE = 'calotype_session'
/** A browser sends this only from our own pages: other origins would need a preflight that is refused. */
const CONSOLE_HEADER = 'x-calotype-console'
const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS']

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Routes that need no credential; they carry `security: []` in the OpenAPI document. */
    open?: boolean
  }
  interface FastifySchema {
    /** What the caller must be allowed to do; it goes into the OpenAPI document and docs/permissions.md. The verb decides. */
    'x-permission'?: Action
  }
}

const crossSite = (): DomainError =>
  new DomainError('forbidden', 'forbidden', `Calls with the console's cookie need the header ${CONSOLE_HEADER}.`, {
    reason: 'cross_site',
  })

type Known = Pick<Deps, 'database' | 'clock' | 'credentialCache'>

/** Who shows the credential of this request, judged now: long answers ask again. Rejects with `unauthorized`. */
export async function identify(deps: Known, request: FastifyRequest): Promise<Actor> {
  const { authorization } = request.headers
  // A bad bearer is not mended by a good session.
  if (authorization !== undefined) return deps.credentialCache.find(bearerOf(authorization))
  const { credentials } = deps.database
  return authenticate({ credentials, clock: deps.clock }, { session: request.cookies[SESSION_COOKIE] ?? null })
}

/** Authentication comes before body, validation and look-up: without a good credential everything else is 401. */
export function requireCredential(app: FastifyInstance, deps: Known): void {
  app.addHook('onRequest', async request => {
    if (request.routeOptions.config.open === true || request.method === 'OPTIONS') return
    request.actor = await identify(deps, request)
    if (
      request.headers.authorization === undefined &&
      !SAFE_METHODS.includes(request.method) &&
      request.headers[CONSOLE_HEADER] !== '1'
    )
      throw crossSite()
  })
}

function bearerOf(header: string): string {
  const [scheme, token, ...rest] = header.split(' ')
  if (scheme?.toLowerCase() !== 'bearer' || !token || rest.length > 0) throw unauthorized()
  return token
}

/** Who asks, for the verbs. */
export const contextOf = (request: FastifyRequest): Context => ({
  actor: actorOf(request),
  requestId: request.id,
  ip: request.ip,
})

export function actorOf(request: FastifyRequest): Actor {
  if (!request.actor) throw unauthorized()
  return request.actor
}
