import { AsyncLocalStorage } from 'node:async_hooks'
import { type Accounts, DomainError } from '@calotype/core'
import { type BetterAuthOptions, betterAuth } from 'better-auth'
import { getAdapter } from 'better-auth/db/adapter'
import { z } from 'zod'
import { CALLS } from './calls.ts'
import { hashSessionTokens } from './hashed-sessions.ts'
import { type AccountsSettings, libraryOptions } from './options.ts'

export const BASE_PATH = '/api/auth'

/** A public key as it is published (RFC 7517). */
export interface PublishedKey {
  kid: string
  kty: string
  alg: string
  [parameter: string]: unknown
}

/** The query builder that the library works on, in whatever version it brings. */
type Queries = Extract<NonNullable<BetterAuthOptions['database']>, { db: unknown }>['db']

export interface BetterAuthAccounts extends Accounts {
  /** The public keys that verify our own JWTs, read from the database; makes the first one. */
  readJwks(): Promise<{ keys: PublishedKey[] }>
  /** The account with this e-mail address; null when there is none. */
  findUserId(email: string): Promise<string | null>
}

/**
 * Accounts kept by better-auth in the tables of migration 0002. Rejects with a DomainError when the database does not answer; everything
 * else is answered in the library's own error form.
 */
export async function createBetterAuthAccounts(
  settings: AccountsSettings & { kysely: Queries },
): Promise<BetterAuthAccounts> {
  const failures = new AsyncLocalStorage<{ failure: unknown }>()
  const options = libraryOptions(settings, error => {
    const scope = failures.getStore()
    if (scope) scope.failure = error
  })
  /** What the library makes of a failed database is undone: the failure itself is thrown. */
  const run = async <T>(work: () => Promise<T>): Promise<T> => {
    const scope: { failure: unknown } = { failure: null }
    const result = await failures.run(scope, work).catch((error: unknown) => {
      throw scope.failure instanceof DomainError ? scope.failure : error
    })
    if (scope.failure instanceof DomainError) throw scope.failure
    return result
  }
  const adapter = await getAdapter({
    ...options,
    database: { db: settings.kysely, type: 'postgres', transaction: true },
  })
  const auth = betterAuth({ ...options, database: () => hashSessionTokens(adapter) })
  const { internalAdapter } = await auth.$context
  return {
    async findSession(headers) {
      // Most calls carry a key and no cookie.
      if (!headers.has('cookie')) return null
      const found = await run(() => auth.api.getSession({ headers, query: { disableRefresh: true } }))
      if (!found) return null
      const { session } = found
      return { sessionId: session.id, userId: session.userId, organizationId: session.activeOrganizationId ?? null }
    },
    async handle(request) {
      const path = new URL(request.url).pathname.slice(BASE_PATH.length)
      if (!CALLS.has(`${request.method} ${path}`)) return notFound()
      const answer = await run(() => auth.handler(request))
      return withoutSecrets(path, answer)
    },
    findUserId: async email => (await internalAdapter.findUserByEmail(email))?.user.id ?? null,
    async readJwks() {
      const { keys } = await run(() => auth.api.getJwks())
      return { keys: keys.map(published) }
    },
  }
}

const SessionAnswer = z.looseObject({ session: z.looseObject({ token: z.string() }).optional() })

/** The library repeats the session's secret in its answers. It is in the cookie, where no script can read it; there it stays. */
async function withoutSecrets(path: string, answer: Response): Promise<Response> {
  if (path === '/token' || path === '/jwks' || !answer.ok) return answer
  const body = SessionAnswer.safeParse(
    await answer
      .clone()
      .json()
      .catch(() => null),
  )
  if (!body.success) return answer
  const { session, ...rest } = body.data
  if ('token' in rest) rest.token = null
  const shown = session === undefined ? rest : { ...rest, session: { ...session, token: undefined } }
  const headers = new Headers(answer.headers)
  headers.delete('content-length')
  return new Response(JSON.stringify(shown), { status: answer.status, headers })
}

const notFound = (): Response =>
  Response.json({ code: 'NOT_FOUND', message: 'There is no such call.' }, { status: 404 })

const published = (key: object): PublishedKey => {
  const entries = new Map<string, unknown>(Object.entries(key))
  const text = (name: string) => String(entries.get(name))
  return { ...key, kid: text('kid'), kty: text('kty'), alg: text('alg') }
}
