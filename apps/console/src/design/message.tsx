import type { ReactNode } from 'react'

interface MessageProps {
  title: string
  children: ReactNode
  actions?: ReactNode
  /** Below the actions. */
  more?: ReactNode
  /** For the lab: a request id, a code. */
  note?: string | null
  role?: 'alert'
}

/** A whole place that is empty or broken: what happened, what it means, what to do. */
export function Message({ title, children, actions, more, note, role }: MessageProps) {
  return (
    <div role={role} className="m-auto flex max-w-lg flex-col items-center px-6 py-16 text-center">
      <h2 className="text-lg font-medium text-balance">{title}</h2>
      <div className="mt-2 text-ink-soft text-pretty">{children}</div>
      {actions && <div className="mt-6 flex flex-wrap justify-center gap-2">{actions}</div>}
      {more}
      {note && <p className="figures mt-6 text-xs text-ink-faint break-all">{note}</p>}
    </div>
  )
}
