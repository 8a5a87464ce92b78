import { type Calotype, CalotypeError, type Me } from '@calotype/sdk'
import { type Failure, failureOfError } from '../words/failures.ts'

export type Session =
  | { state: 'opening'; redeeming: boolean }
  | { state: 'open'; me: Me }
  | { state: 'closed'; why: 'never_opened' | 'link_spent' | 'ended' | 'left' }
  | { state: 'unreachable'; failure: Failure }

export type SessionKeeper = ReturnType<typeof createSessionKeeper>

/** Knows whether this browser is signed in. Outside of the components, because a link can be redeemed only once. */
export function createSessionKeeper(api: Pick<Calotype, 'me' | 'session'>) {
  let session: Session = { state: 'opening', redeeming: false }
  const listeners = new Set<() => void>()
  const become = (next: Session) => {
    session = next
    for (const listener of listeners) listener()
  }
  const look = async (otherwise: 'never_opened' | 'link_spent' | 'ended') => {
    try {
      become({ state: 'open', me: await api.me() })
    } catch (error) {
      if (isSignedOut(error)) become({ state: 'closed', why: otherwise })
      else become({ state: 'unreachable', failure: failureOfError(error) })
    }
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
    leave: async () => {
      await api.session.end()
      become({ state: 'closed', why: 'left' })
    },
    /** Any call that was answered 401 says so. */
    notice: (error: unknown) => {
      if (session.state === 'open' && isSignedOut(error)) become({ state: 'closed', why: 'ended' })
    },
  }
}

const isSignedOut = (error: unknown): boolean => error instanceof CalotypeError && error.status === 401
const isRefused = (error: unknown): boolean =>
  error instanceof CalotypeError && error.status >= 400 && error.status < 500 && error.status !== 429
