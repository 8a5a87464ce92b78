import { type AccountRules, DomainError, newId, RESET_SECONDS, SESSION_SECONDS } from '@calotype/core'
import type { BetterAuthOptions } from 'better-auth'
import { createAuthMiddleware } from 'better-auth/api'
import { jwt } from 'better-auth/plugins/jwt'
import { checkInput } from './check-input.ts'
import { describeFailure, inLibraryForm } from './errors.ts'
import { KEY_GRACE_SECONDS, KEY_SECONDS, MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH, TOKEN_SECONDS } from './limits.ts'

export interface AccountsSettings {
  publicUrl: string
  corsOrigins: readonly string[]
  /** At least 32 characters, for accounts alone: signs cookies and encrypts the keys that sign JWTs. */
  secret: string
  rules: AccountRules
  log: { warn(facts: { component: string; reason: string }, message: string): void }
}

/** Our column for each field of the library that is written differently. */
const STAMPS = { createdAt: 'created_at', updatedAt: 'updated_at' }
const OWNED = { userId: 'user_id', ...STAMPS }
const MODELS = {
  user: { modelName: 'users', fields: { emailVerified: 'email_verified', ...STAMPS } },
  account: {
    modelName: 'user_accounts',
    fields: {
      accountId: 'account_id',
      providerId: 'provider_id',
      accessToken: 'access_token',
      refreshToken: 'refresh_token',
      idToken: 'id_token',
      accessTokenExpiresAt: 'access_token_expires_at',
      refreshTokenExpiresAt: 'refresh_token_expires_at',
      ...OWNED,
    },
  },
  session: {
    modelName: 'user_sessions',
    fields: { expiresAt: 'expires_at', ipAddress: 'ip_address', userAgent: 'user_agent', ...OWNED },
  },
  verification: { modelName: 'user_verifications', fields: { expiresAt: 'expires_at', ...STAMPS } },
  jwks: {
    modelName: 'user_keys',
    fields: {
      publicKey: 'public_key',
      privateKey: 'private_key',
      expiresAt: 'expires_at',
      createdAt: 'created_at',
    },
  },
}

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null)

const tokens = ({ publicUrl, rules }: AccountsSettings) =>
  jwt({
    disableSettingJwtHeader: true,
    schema: { jwks: MODELS.jwks },
    jwks: { rotationInterval: KEY_SECONDS, gracePeriod: KEY_GRACE_SECONDS },
    jwt: {
      issuer: publicUrl,
      audience: publicUrl,
      expirationTime: `${TOKEN_SECONDS}s`,
      definePayload: ({ user, session }) =>
        inLibraryForm(async () => {
          const wished = textOrNull(session.activeOrganizationId)
          const org = await rules.organizationOf({ userId: user.id, wished })
          return org === null ? {} : { org }
        }),
    },
  })

const hooks = ({ rules }: AccountsSettings) => ({
  before: createAuthMiddleware(context =>
    inLibraryForm(async () => {
      checkInput(context.path, context.body)
      const headers = context.headers ?? new Headers()
      // Without an address the library refuses by itself.
      const email: unknown = context.body?.email
      if (context.path === '/sign-up/email' && typeof email === 'string') await rules.beforeSignUp({ email, headers })
      if (context.path !== '/change-password') return undefined
      // Whoever changes a password may do so because somebody else knows it.
      return { context: { body: { ...context.body, revokeOtherSessions: true } } }
    }),
  ),
  after: createAuthMiddleware(async context => {
    const { newSession } = context.context
    if (!newSession || (context.path !== '/sign-up/email' && context.path !== '/sign-in/email')) return
    const headers = context.headers ?? new Headers()
    await inLibraryForm(() => rules.afterSignIn({ userId: newSession.user.id, headers }))
  }),
})

/** Everything about the library's behaviour but its database. `onFailure` gets the failures that it logs and answers as something else. */
export function libraryOptions(settings: AccountsSettings, onFailure: (error: unknown) => void) {
  const { publicUrl, corsOrigins, secret, rules, log } = settings
  const { origin } = new URL(publicUrl)
  return {
    appName: 'Calotype',
    baseURL: `${origin}/api/auth`,
    // As a list, because a list is not overruled by the environment.
    secrets: [{ version: 1, value: secret }],
    trustedOrigins: [origin, ...corsOrigins],
    telemetry: { enabled: false },
    rateLimit: { enabled: false },
    user: {
      ...MODELS.user,
      deleteUser: {
        enabled: true,
        beforeDelete: (user, request) =>
          inLibraryForm(() => rules.beforeDelete({ userId: user.id, headers: headersOf(request) })),
      },
    },
    account: MODELS.account,
    verification: { ...MODELS.verification, storeIdentifier: 'hashed' },
    session: {
      ...MODELS.session,
      expiresIn: SESSION_SECONDS,
      additionalFields: {
        activeOrganizationId: {
          type: 'string',
          required: false,
          input: false,
          fieldName: 'active_organization_id',
        },
      },
    },
    emailAndPassword: {
      enabled: true,
      minPasswordLength: MIN_PASSWORD_LENGTH,
      maxPasswordLength: MAX_PASSWORD_LENGTH,
      resetPasswordTokenExpiresIn: RESET_SECONDS,
      revokeSessionsOnPasswordReset: true,
      sendResetPassword: ({ user, token }, request) =>
        rules.sendReset({ email: user.email, name: user.name, token, headers: headersOf(request) }).catch(error => {
          // The library would swallow it and tell the person to look for a mail that never comes.
          onFailure(error)
          throw error
        }),
    },
    databaseHooks: {
      session: {
        create: {
          // A new password begins a new session; the organisation that was worked in stays.
          before: async (session, context) => {
            const before = context?.context.session?.session.activeOrganizationId
            return { data: { ...session, activeOrganizationId: textOrNull(before) } }
          },
        },
      },
    },
    plugins: [tokens(settings)],
    hooks: hooks(settings),
    advanced: {
      cookiePrefix: 'calotype',
      useSecureCookies: origin.startsWith('https:'),
      defaultCookieAttributes: { httpOnly: true, sameSite: 'strict', path: '/' },
      disableOriginCheck: false,
      disableCSRFCheck: false,
      ipAddress: { disableIpTracking: true },
      database: { generateId: () => newId(), validateSchema: false },
    },
    // Else it would print them, values and all, and answer a bare 500.
    onAPIError: { throw: true },
    logger: {
      level: 'error',
      disableColors: true,
      log: (_level, message, ...facts) => {
        // Some failures of the database are only logged by the library and answered as something else.
        for (const fact of facts) if (fact instanceof DomainError) onFailure(fact)
        log.warn({ component: 'accounts', reason: facts.map(describeFailure).join(' ') }, message)
      },
    },
  } satisfies BetterAuthOptions
}

const headersOf = (request: Request | undefined): Headers => request?.headers ?? new Headers()
