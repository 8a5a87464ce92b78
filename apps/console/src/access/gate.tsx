import type { Me, Project } from '@calotype/sdk'
import { createContext, type ReactNode, useContext, useEffect, useSyncExternalStore } from 'react'
import { api } from '../app/api.ts'
import { createSessionKeeper } from './session.ts'
import { SignInPage } from './sign-in-page.tsx'
import { tokenIn } from './token.ts'

export const session = createSessionKeeper(api)

const Myself = createContext<Me | null>(null)

export function useMe(): Me {
  const me = useContext(Myself)
  if (me === null) throw new Error('useMe is only for what is behind the gate.')
  return me
}

/** The project that the console shows. */
export function useProject(): Project {
  const { default_project: project } = useMe()
  if (project === null) throw new Error('This organisation has no project.')
  return project
}

/** The token leaves the address bar and the history before it is used. */
export function enter(): void {
  const token = tokenIn(location.hash)
  if (token === null) {
    void session.open()
    return
  }
  history.replaceState(history.state, '', location.pathname + location.search)
  void session.redeem(token)
}

/** Signed in: the console. Otherwise: how to get in. */
export function Gate({ children }: { children: ReactNode }) {
  const current = useSyncExternalStore(session.subscribe, session.current)
  useEffect(() => {
    // A link pasted into a tab that is open here changes nothing but the fragment.
    const onFragment = () => tokenIn(location.hash) !== null && enter()
    addEventListener('hashchange', onFragment)
    return () => removeEventListener('hashchange', onFragment)
  }, [])
  if (current.state === 'open') return <Myself value={current.me}>{children}</Myself>
  return <SignInPage session={current} onToken={session.redeem} onRetry={enter} />
}
