import { Link, Outlet, useLocation } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useMe } from '../access/me.tsx'
import { placesFor } from './places.ts'

const entry =
  'flex h-9 items-center rounded-sm px-3 text-sm whitespace-nowrap text-ink-soft hover:bg-hover hover:text-ink aria-[current=page]:bg-bone aria-[current=page]:font-medium aria-[current=page]:text-ink'

/** On a desk the places stand on the left, on a phone in a row above. */
export function SettingsPage() {
  const { actions } = useMe()
  const nav = useRef<HTMLElement>(null)
  const path = useLocation({ select: ({ pathname }) => pathname })
  // biome-ignore lint/correctness/useExhaustiveDependencies: on a phone the place that is open may be out of view
  useEffect(() => {
    nav.current?.querySelector('[aria-current=page]')?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [path])
  return (
    <div className="min-h-0 grow overflow-y-auto">
      <div className="mx-auto max-w-5xl gap-12 px-3 pt-2 pb-24 sm:px-6 md:grid md:grid-cols-[10rem_minmax(0,1fr)] md:pt-10">
        <nav
          ref={nav}
          aria-label="Settings"
          className="-mx-3 overflow-x-auto px-3 py-1 max-md:mb-4 max-md:border-b max-md:border-line max-md:[scrollbar-width:none] sm:-mx-6 sm:px-6 md:mx-0 md:overflow-visible md:p-0"
        >
          <ul className="flex gap-0.5 md:sticky md:top-10 md:flex-col">
            {placesFor(actions).map(({ to, label }) => (
              <li key={to}>
                <Link to={to} className={entry}>
                  {label}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <div className="min-w-0">
          <Outlet />
        </div>
      </div>
    </div>
  )
}
