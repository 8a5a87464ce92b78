import { type ReactNode, useEffect } from 'react'

/** The name of a page before the console, also in the window's title. */
export function Heading({ title, children }: { title: string; children?: ReactNode }) {
  useEffect(() => {
    document.title = `${title} – Calotype`
  }, [title])
  return (
    <div className="mb-6">
      <h1 className="text-xl font-medium text-balance">{title}</h1>
      {children && <div className="mt-2 text-ink-soft text-pretty">{children}</div>}
    </div>
  )
}

/** To another page before the console. */
export function DoorLink({ to, children }: { to: string; children: ReactNode }) {
  return (
    <a href={to} className="rounded-sm text-sm text-ink-soft underline underline-offset-4 hover:text-ink">
      {children}
    </a>
  )
}
