import type { ReactNode } from 'react'
import { Button } from '../design/button.tsx'
import { CopyIconButton } from '../design/copy-button.tsx'
import { Icon } from '../design/icon.tsx'
import { ThemeSwitch } from '../design/theme-switch.tsx'
import { Wordmark } from '../design/wordmark.tsx'
import { PasteLink } from './paste-link.tsx'
import type { Session } from './session.ts'

interface SignInPageProps {
  session: Exclude<Session, { state: 'open' }>
  onToken: (token: string) => void
  onRetry: () => void
}

export function SignInPage({ session, onToken, onRetry }: SignInPageProps) {
  return (
    <div className="flex h-full flex-col overflow-y-auto">
      <header className="flex items-center justify-between p-4 sm:px-6">
        <Wordmark />
        <ThemeSwitch />
      </header>
      <main className="m-auto w-full max-w-xl px-4 pt-8 pb-24 sm:px-6">{body(session, onToken, onRetry)}</main>
    </div>
  )
}

function body(session: SignInPageProps['session'], onToken: (token: string) => void, onRetry: () => void): ReactNode {
  if (session.state === 'opening') return <Opening redeeming={session.redeeming} />
  if (session.state === 'unreachable') {
    return (
      <div role="alert">
        <h1 className="text-xl font-medium">The server does not answer</h1>
        <p className="mt-3 text-ink-soft">
          {session.failure.detail} Look whether <code className="figures text-sm">npm start</code> is still running.
        </p>
        <Button look="primary" icon="retry" className="mt-6" onClick={onRetry}>
          Try again
        </Button>
      </div>
    )
  }
  const { title, explanation } = words[session.why]
  return (
    <>
      <h1 className="text-xl font-medium text-balance">{title}</h1>
      <p className="mt-3 text-ink-soft text-pretty">{explanation}</p>
      <ol className="mt-8 divide-y divide-line border-y border-line">
        <Step number={1} title="Look at the terminal">
          Calotype printed the link when it started.
        </Step>
        <Step number={2} title="Or read it from the file">
          <Command text="cat data/console-link" />
        </Step>
        <Step number={3} title="Used or too old? Start again for a new one">
          <Command text="npm start" />
          Each link works once, within 15 minutes of the start. Your images stay.
        </Step>
      </ol>
      <PasteLink onToken={onToken} />
    </>
  )
}

const words: Record<Extract<Session, { state: 'closed' }>['why'], { title: string; explanation: string }> = {
  never_opened: {
    title: 'Open the console with its one-time link',
    explanation:
      'There is no password. Whoever can see the server’s terminal or files gets a link that signs this browser in.',
  },
  link_spent: {
    title: 'This link was used already, or its time is over',
    explanation:
      'That is nothing to worry about: each link signs in one browser, once. Here is how to get the next one.',
  },
  ended: {
    title: 'Your session has ended',
    explanation: 'Nothing is lost. A new link signs this browser in again, and you come back to this page.',
  },
  left: {
    title: 'You are signed out',
    explanation: 'To come back, open a new one-time link.',
  },
}

function Opening({ redeeming }: { redeeming: boolean }) {
  return (
    <p role="status" className="flex items-center justify-center gap-3 text-ink-soft">
      <span className="text-amber-ink animate-breathe">
        <Icon name="hourglass" />
      </span>
      {redeeming ? 'Signing in…' : 'Opening…'}
    </p>
  )
}

function Step({ number, title, children }: { number: number; title: string; children: ReactNode }) {
  return (
    <li className="flex gap-4 py-4">
      <span className="figures text-sm text-ink-faint">{number}</span>
      <div className="min-w-0 grow">
        <h2 className="font-medium">{title}</h2>
        <div className="mt-1 text-sm text-ink-soft">{children}</div>
      </div>
    </li>
  )
}

function Command({ text }: { text: string }) {
  return (
    <div className="my-2 flex items-center justify-between rounded-sm bg-well pl-3">
      <code className="figures text-sm text-ink">{text}</code>
      <CopyIconButton text={text} what="the command" />
    </div>
  )
}
