import type { ReactNode } from 'react'
import { CopyIconButton } from '../design/copy-button.tsx'
import { Icon } from '../design/icon.tsx'
import { session } from './keeper.ts'
import { PasteLink } from './paste-link.tsx'

/** The way in for whoever runs the server: the first time, and when nothing else helps. */
export function OneTimeLink({ open }: { open: boolean }) {
  return (
    <details open={open} className="group mt-4 text-sm">
      <summary className="flex w-fit list-none items-center gap-1.5 rounded-sm text-ink-soft hover:text-ink">
        <span className="transition-transform duration-100 group-open:rotate-90">
          <Icon name="next" size={12} />
        </span>
        First time, or you run this server? Use its one-time link
      </summary>
      <ol className="mt-4 divide-y divide-line border-y border-line">
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
      <PasteLink onToken={session.redeem} />
    </details>
  )
}

function Step({ number, title, children }: { number: number; title: string; children: ReactNode }) {
  return (
    <li className="flex gap-4 py-3">
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
