import { type AccessInfo, type Account, type Calotype, CalotypeError, type Me } from '@calotype/sdk'
import { type Failure, failureOfError } from '../words/failures.ts'

export type WhyClosed = 'never_opened' | 'link_spent' | 'ended' | 'left' | 'deleted'

export type Session =
  | { state: 'opening'; redeeming: boolean }
  | { state: 'open'; me: Me }
  /** Signed in, and a member of no organisation. */
  | { state: 'homeless'; account: Account }
  | { state: 'closed'; why: WhyClosed; access: AccessInfo }
  | { state: 'unreachable'; failure: Failure }

export type SessionKeeper = ReturnType<typeof createSessionKeeper>

/** Knows whether this browser is signed in. Outside of the components, because a link can be redeemed only once. */
export function createSessionKeeper(api: Pick<Calotype, 'me' | 'session' | 'account' | 'organizations'>) {
  let session: Session = { state: 'opening', redeeming: false }
  let looking: Promise<void> | null = null
  const listeners = new Set<() => void>()
  const become = (next: Session) => {
    session = next
    for (const listener of listeners) listener()
  }
  const lookAround = async (otherwise: WhyClosed) => {
    try {
      become({ state: 'open', me: await api.me() })
    } catch (error) {
      if (!isRefused(error)) throw error
      const account = await api.account.current()
      if (account !== null) become({ state: 'homeless', account })
      else become({ state: 'closed', why: otherwise, access: await api.session.access() })
    }
  }
  /** One look at a time: many calls may be answered 401 at once. */
  const look = (otherwise: WhyClosed): Promise<void> => {
    looking ??= lookAround(otherwise)
      .catch(error => {
        // A connection that breaks for a moment is no reason to take the page away.
        if (session.state !== 'open') become({ state: 'unreachable', failure: failureOfError(error) })
      })
      .finally(() => {
        looking = null
      })
    return looking
  }

  return {
    subscribe: (listener: () => void) => {
      listeners.add(listener)
      return (): void => {
        listeners.delete(listener)
      }
    },
    current: () => session,
    open: async () => {
      become({ state: 'opening', redeeming: false })
      await look('never_opened')
    },
    redeem: async (token: string) => {
      become({ state: 'opening', redeeming: true })
      try {
        await api.session.redeem(token)
      } catch (error) {
        // A refused link may be an old one in a browser that is signed in: then there is nothing to complain about.
        if (isRefused(error)) await look('link_spent')
        else become({ state: 'unreachable', failure: failureOfError(error) })
        return
      }
      await look('link_spent')
    },
    /** Something about the person or their rights has changed. */
    refresh: (otherwise: WhyClosed = 'ended') => look(otherwise),
    switchTo: async (organizationId: string) => {
      await api.session.switchOrganization(organizationId)
      await look('ended')
    },
    /** Joins by an invitation with the account that is signed in, and goes there. */
    join: async (token: string) => {
      const { id } = await api.organizations.invitations.accept(token)
      await api.session.switchOrganization(id)
      await look('ended')
    },
    leave: async () => {
      await api.session.end().catch(ignoreRefusal)
      await api.account.signOut().catch(ignoreRefusal)
      await look('left')
    },
    /** Any call that was answered 401 or 403 says so: the session may be over, or its rights others than before. */
    notice: (error: unknown) => {
      const isOver = error instanceof CalotypeError && (error.status === 401 || error.status === 403)
      if (session.state === 'open' && isOver) void look('ended')
    },
  }
}

const isRefused = (error: unknown): boolean =>
  error instanceof CalotypeError && error.status >= 400 && error.status < 500 && error.status !== 429
const ignoreRefusal = (error: unknown): void => {
  if (!isRefused(error)) throw error
}
