import { type ReactNode, useEffect, useRef } from 'react'
import { Button } from '../design/button.tsx'
import { noteOf } from '../images/note.ts'
import { failureOfError } from '../words/failures.ts'

/** A page of the settings: its name takes the focus, as on every change of place. */
export function Page({ title, about, children }: { title: string; about?: ReactNode; children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    heading.current?.focus({ preventScroll: true })
    document.title = `${title} – Calotype`
  }, [title])
  return (
    <>
      <header className="mb-8">
        <h1 ref={heading} tabIndex={-1} className="text-xl font-medium text-balance outline-none">
          {title}
        </h1>
        {about && <p className="mt-1 max-w-xl text-ink-soft text-pretty">{about}</p>}
      </header>
      <div className="space-y-12">{children}</div>
    </>
  )
}

interface SectionProps {
  title: string
  about?: ReactNode
  /** Beside the title. */
  action?: ReactNode
  children: ReactNode
}

export function Section({ title, about, action, children }: SectionProps) {
  return (
    <section aria-label={title}>
      <div className="mb-4 flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
        <div>
          <h2 className="font-medium">{title}</h2>
          {about && <p className="mt-0.5 max-w-xl text-sm text-ink-soft text-pretty">{about}</p>}
        </div>
        {action}
      </div>
      {children}
    </section>
  )
}

/** What cannot be taken back stands apart, at the end. */
export function Ending({ title, about, action }: { title: string; about: ReactNode; action: ReactNode }) {
  return (
    <section
      aria-label={title}
      className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 border-t border-line pt-6"
    >
      <div className="max-w-lg min-w-0">
        <h2 className="font-medium">{title}</h2>
        <p className="mt-0.5 text-sm text-ink-soft text-pretty">{about}</p>
      </div>
      {action}
    </section>
  )
}

export function LoadingRows({ label, rows = 3 }: { label: string; rows?: number }) {
  return (
    <div role="status" aria-label={label} className="animate-breathe divide-y divide-line border-y border-line">
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same and never move
        <div key={index} className="py-4">
          <div className="h-3.5 w-48 max-w-full rounded-sm bg-bone" />
          <div className="mt-2 h-3 w-72 max-w-full rounded-sm bg-bone" />
        </div>
      ))}
    </div>
  )
}

export function CouldNotLoad({ what, error, onRetry }: { what: string; error: unknown; onRetry: () => void }) {
  const note = noteOf(error)
  return (
    <div role="alert" className="border-y border-line py-6">
      <p className="font-medium">{what} could not be loaded</p>
      <p className="mt-1 text-sm text-ink-soft">{failureOfError(error).detail}</p>
      <Button icon="retry" className="mt-4" onClick={onRetry}>
        Try again
      </Button>
      {note && <p className="figures mt-3 text-xs break-all text-ink-faint">{note}</p>}
    </div>
  )
}

export function Nothing({ children }: { children: ReactNode }) {
  return <p className="border-y border-line py-6 text-sm text-ink-soft">{children}</p>
}
