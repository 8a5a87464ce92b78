import type { ReactNode } from 'react'
import { Icon } from '../design/icon.tsx'
import { ThemeSwitch } from '../design/theme-switch.tsx'
import { Wordmark } from '../design/wordmark.tsx'

/** The frame of what is before the console: a sheet of paper on an empty table. */
export function GatePage({ children }: { children: ReactNode }) {
  return (
    <div className="flex h-full flex-col overflow-y-auto">
      <header className="flex items-center justify-between p-4 sm:px-6">
        <Wordmark />
        <ThemeSwitch />
      </header>
      <main className="mx-auto flex w-full max-w-md grow flex-col px-4 pt-[8dvh] pb-16 sm:px-6 sm:pt-[14dvh]">
        {children}
      </main>
    </div>
  )
}

export function Opening({ redeeming }: { redeeming: boolean }) {
  return (
    <p role="status" className="m-auto flex items-center gap-3 text-ink-soft">
      <span className="text-amber-ink animate-breathe">
        <Icon name="hourglass" />
      </span>
      {redeeming ? 'Signing in…' : 'Opening…'}
    </p>
  )
}
