import {
  type AccountSession,
  type Action,
  type Actor,
  authenticate,
  type Context,
  DomainError,
  findAccountActor,
  noOrganization,
  type PersonContext,
  personNeeded,
  unauthorized,
} from '@calotype/core'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Deps } from '../deps.ts'
import { clientAddress } from './client-address.ts'
import { createOriginRule } from './host-check.ts'
import { onceOf } from './idempotency.ts'

export const SESSION_COOKIE = 'calotype_session'
/** The account library's cookie, whatever it puts before the name on https. */
const ACCOUNT_COOKIE = 'calotype.session_token='
const OPEN_ACTOR = 'open'
/** A browser sends this only from our own pages: other origins would need a preflight that is refused. */
const CONSOLE_HEADER = 'x-calotype-console'
const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS']

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Routes that need no credential; they carry `security: []` in the OpenAPI document. */
    open?: boolean
    /** Routes for people who may belong to no organisation yet: `personOf` instead of `actorOf`. */
    person?: boolean
  }
  interface FastifyRequest {
    /** The person who is signed in with an account; null for keys, tokens and the one-time link. */
    account: AccountSession | null
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

type Known = Pick<Deps, 'database' | 'clock' | 'credentialCache' | 'accounts' | 'access' | 'publicUrl' | 'corsOrigins'>

/** Who shows the credential of this request, judged now: long answers ask again. Rejects with `unauthorized`, or `no_organization`. */
export async function identify(deps: Known, request: FastifyRequest): Promise<Actor> {
  const { authorization } = request.headers
  // A bad bearer is not mended by a good session.
  if (authorization !== undefined) return deps.credentialCache.find(bearerOf(authorization))
  const { credentials, memberships } = deps.database
  request.account = await findAccount(deps, request)
  if (request.account) {
    const actor = await findAccountActor({ memberships }, request.account)
    if (!actor) throw noOrganization()
    return actor
  }
  const session = request.cookies[SESSION_COOKIE] ?? null
  if (deps.access.mode === 'accounts') return authenticate({ credentials, clock: deps.clock }, { session })
  const holder = session === null ? null : await findLinkHolder(deps, session)
  return holder ?? openActor(deps)
}

/** Only a request with one of the library's cookies is worth asking the library about. */
async function findAccount(deps: Known, request: FastifyRequest): Promise<AccountSession | null> {
  const { cookie } = request.headers
  if (!cookie?.includes(ACCOUNT_COOKIE)) return null
  return deps.accounts.findSession(new Headers({ cookie }))
}

const findLinkHolder = ({ database, clock }: Known, session: string): Promise<Actor | null> =>
  authenticate({ credentials: database.credentials, clock }, { session }).catch(() => null)

/** AUTH=open: nobody has to be anybody. */
async function openActor({ database }: Known): Promise<Actor> {
  const first = await database.installation.findFirstOrganization()
  if (!first) throw unauthorized()
  return { kind: 'user', id: OPEN_ACTOR, organizationId: first.id, role: 'owner', projectIds: null, scopes: null }
}

/** Authentication comes before body, validation and look-up: without a good credential everything else is 401. */
export function requireCredential(app: FastifyInstance, deps: Known): void {
  const isTrusted = createOriginRule(deps)
  app.decorateRequest('account', null)
  app.addHook('onRequest', async request => {
    const { open, person } = request.routeOptions.config
    if (open === true || request.method === 'OPTIONS') return
    try {
      request.actor = await identify(deps, request)
    } catch (error) {
      // Signed in, and nowhere a member: some calls are how that changes.
      if (person !== true || !request.account) throw error
    }
    if (request.headers.authorization !== undefined || SAFE_METHODS.includes(request.method)) return
    if (request.actor?.id === OPEN_ACTOR) {
      // Nothing that a page of ours knows: where it came from has to do.
      if (!isTrusted(request)) throw crossSite()
    } else if (request.headers[CONSOLE_HEADER] !== '1') throw crossSite()
  })
}

function bearerOf(header: string): string {
  const [scheme, token, ...rest] = header.split(' ')
  if (scheme?.toLowerCase() !== 'bearer' || !token || rest.length > 0) throw unauthorized()
  return token
}

/** Who asks, for the verbs. */
export function contextOf(request: FastifyRequest): Context {
  const once = onceOf(request)
  return { actor: actorOf(request), requestId: request.id, ip: clientAddress(request), ...(once ? { once } : {}) }
}

export function actorOf(request: FastifyRequest): Actor {
  if (!request.actor) throw unauthorized()
  return request.actor
}

/** The person who asks, whether or not they belong to an organisation. Rejects with `forbidden` for keys. */
export function personOf(request: FastifyRequest): PersonContext {
  const actor = request.actor?.kind === 'user' ? request.actor.id : null
  const userId = request.account?.userId ?? actor
  if (userId === null) throw personNeeded()
  const once = onceOf(request)
  return { userId, requestId: request.id, ip: clientAddress(request), ...(once ? { once } : {}) }
}
