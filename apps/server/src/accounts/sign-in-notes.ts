import type { SecurityLog } from '@calotype/core'

/** Tells the security log of sign-ins. */
export interface SignInNotes {
  /** Returns at once: how long it takes to find out whose account it is must not show in the answer. */
  note(attempt: { email: string | null; status: number; ip: string; requestId: string }): void
}

interface Sources {
  security: SecurityLog
  /** The account with this e-mail address; null when there is none. */
  findUserId(email: string): Promise<string | null>
  organizationOf(userId: string): Promise<string | null>
  onError(error: unknown): void
}

/** Notes go into the log of the organisation that the account belongs to; attempts on no account are in the program's own log alone. */
export function createSignInNotes(sources: Sources): SignInNotes {
  return {
    note({ email, status, ip, requestId }) {
      if (status >= 500) return
      void (async () => {
        const userId = email === null ? null : await sources.findUserId(email)
        const organizationId = userId === null ? null : await sources.organizationOf(userId)
        const succeeded = status < 400
        sources.security.record({
          event: succeeded ? 'sign_in.succeeded' : 'sign_in.refused',
          actor: userId === null ? null : { kind: 'user', id: userId },
          organizationId,
          projectId: null,
          ip,
          code: succeeded ? null : 'unauthorized',
          detail: succeeded ? 'Signed in with a password.' : 'A sign-in with a password was refused.',
          requestId,
        })
      })().catch(sources.onError)
    },
  }
}
