import { bodyOf } from '../http/answer.ts'
import type { Call, Connection } from '../http/connection.ts'

export interface Account {
  id: string
  name: string
  email: string
}

export interface SignUp {
  name: string
  email: string
  password: string
  /** Of an invitation's link: the account joins its organisation. */
  invitation?: string | undefined
}

export type AccountCalls = ReturnType<typeof createAccount>

/**
 * Accounts of people. The session is a cookie of the browser, so these calls are for pages, not for servers.
 * Refusals have the codes of the account library (`INVALID_EMAIL_OR_PASSWORD`) or ours (`rate_limited`, with `retryAfterMs`).
 */
export function createAccount({ call }: Connection) {
  const post = async (path: string, json: unknown, headers?: Call['headers']): Promise<void> => {
    await call({ method: 'POST', path: `/api/auth/${path}`, json, headers, once: true })
  }
  return {
    /** Makes an account and signs it in. With the session of the one-time link it becomes the owner. */
    signUp: ({ invitation, ...account }: SignUp) =>
      post('sign-up/email', account, invitation === undefined ? undefined : { 'x-calotype-invitation': invitation }),
    signIn: (credentials: { email: string; password: string }) => post('sign-in/email', credentials),
    signOut: () => post('sign-out', {}),
    /** Sends a letter with a link, if there is such an account; the answer does not tell. */
    requestPasswordReset: (email: string) => post('request-password-reset', { email }),
    /** With the token of the letter's link. */
    resetPassword: (reset: { token: string; newPassword: string }) => post('reset-password', reset),
    /** The other sessions of the account end. */
    changePassword: (change: { currentPassword: string; newPassword: string }) =>
      post('change-password', { ...change, revokeOtherSessions: true }),
    rename: (name: string) => post('update-user', { name }),
    /** For good, with its memberships. */
    delete: (password: string) => post('delete-user', { password }),
    /** Who is signed in here; null when nobody is. */
    current: async (options: { signal?: AbortSignal | undefined } = {}): Promise<Account | null> => {
      const answer = await call({ path: '/api/auth/get-session', signal: options.signal })
      return bodyOf<{ user: Account } | null>(answer)?.user ?? null
    },
  }
}
