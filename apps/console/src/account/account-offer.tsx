import { Link, useRouterState } from '@tanstack/react-router'
import { buttonClass } from '../design/button.tsx'
import { useOffersAccount } from './use-offers-account.ts'

/** Whoever came by the one-time link has no way back but another link, until there is an account. */
export function AccountOffer() {
  const offers = useOffersAccount()
  const isThere = useRouterState({ select: ({ location }) => location.pathname.startsWith('/settings/account') })
  if (!offers || isThere) return null
  return (
    <section
      aria-label="Your account"
      className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 border-b border-line bg-sheet px-3 py-2 text-sm sm:px-6"
    >
      <p>
        <strong className="font-medium">You are in by the one-time link.</strong>{' '}
        <span className="text-ink-soft">With an account you come back by name and password, and own this place.</span>
      </p>
      <Link to="/settings/account" className={buttonClass('plain')}>
        Make your account
      </Link>
    </section>
  )
}
