import { lazy, type ReactNode, Suspense, useEffect, useState, useSyncExternalStore } from 'react'
import { GatePage, Opening } from './gate-page.tsx'
import { session } from './keeper.ts'
import { Myself } from './me.tsx'
import { rememberedInvitation, rememberInvitation, type Ticket, ticketIn } from './tickets.ts'

/** Nobody who is signed in needs these pages. */
const Door = lazy(() => import('./door.tsx').then(module => ({ default: module.Door })))

/** The ticket leaves the address bar and the history before it is used. */
export function enter(): Ticket | null {
  const ticket = ticketIn(location.hash)
  if (ticket !== null) history.replaceState(history.state, '', location.pathname + location.search)
  if (ticket?.kind === 'link') void session.redeem(ticket.token)
  else void session.open()
  if (ticket?.kind === 'invitation') rememberInvitation(ticket.token)
  if (ticket?.kind === 'reset') return ticket
  const invitation = rememberedInvitation()
  return invitation === null ? null : { kind: 'invitation', token: invitation }
}

/** Signed in: the console. Otherwise, or with a letter in hand: how to get in. */
export function Gate({ brought, children }: { brought: Ticket | null; children: ReactNode }) {
  const current = useSyncExternalStore(session.subscribe, session.current)
  const [ticket, setTicket] = useState(brought)
  useEffect(() => {
    // A link pasted into a tab that is open here changes nothing but the fragment.
    const onFragment = () => ticketIn(location.hash) !== null && setTicket(enter())
    addEventListener('hashchange', onFragment)
    return () => removeEventListener('hashchange', onFragment)
  }, [])
  if (current.state === 'open' && ticket === null) return <Myself value={current.me}>{children}</Myself>
  if (current.state === 'opening') {
    return (
      <GatePage>
        <Opening redeeming={current.redeeming} />
      </GatePage>
    )
  }
  const onDone = () => {
    rememberInvitation(null)
    setTicket(null)
  }
  return (
    <GatePage>
      <Suspense fallback={<Opening redeeming={false} />}>
        <Door session={current} ticket={ticket} onDone={onDone} />
      </Suspense>
    </GatePage>
  )
}
