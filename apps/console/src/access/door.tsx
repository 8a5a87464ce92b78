import { useEffect, useState } from 'react'
import { ForgotPage } from './forgot-page.tsx'
import { HomelessPage } from './homeless-page.tsx'
import { InvitationPage } from './invitation-page.tsx'
import { session } from './keeper.ts'
import { RegisterPage } from './register-page.tsx'
import { ResetPage } from './reset-page.tsx'
import type { Session } from './session.ts'
import { SignInPage } from './sign-in-page.tsx'
import type { Ticket } from './tickets.ts'
import { UnreachablePage } from './unreachable-page.tsx'

interface DoorProps {
  session: Exclude<Session, { state: 'opening' }>
  ticket: Ticket | null
  /** The ticket is used, or not wanted. */
  onDone: () => void
}

/** Which page leads in: by what one brings, then by who one is, then by what one asked for. */
export function Door({ session: current, ticket, onDone }: DoorProps) {
  const asked = useFragment()
  if (current.state === 'unreachable') {
    return <UnreachablePage failure={current.failure} onRetry={() => void session.open()} />
  }
  if (ticket?.kind === 'reset') return <ResetPage token={ticket.token} onDone={onDone} />
  if (ticket?.kind === 'invitation') {
    return <InvitationPage token={ticket.token} session={current} onDone={onDone} />
  }
  if (current.state === 'homeless') return <HomelessPage account={current.account} />
  if (current.state === 'open') return null
  if (current.access.mode === 'accounts') {
    if (asked === '#register') return <RegisterPage access={current.access} />
    if (asked === '#forgot-password') return <ForgotPage />
  }
  return <SignInPage why={current.why} access={current.access} />
}

/** The pages before the console are fragments: links, the back button and bookmarks work, and the path stays. */
function useFragment(): string {
  const [fragment, setFragment] = useState(location.hash)
  useEffect(() => {
    const onChange = () => setFragment(location.hash)
    addEventListener('hashchange', onChange)
    return () => {
      removeEventListener('hashchange', onChange)
      // Whoever is in leaves the door behind.
      if (location.hash !== '') history.replaceState(history.state, '', location.pathname + location.search)
    }
  }, [])
  return fragment
}
