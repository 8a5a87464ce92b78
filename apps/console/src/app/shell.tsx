import { Link, Outlet } from '@tanstack/react-router'
import { session, useProject } from '../access/gate.tsx'
import { IconButton } from '../design/button.tsx'
import { useSay } from '../design/notices.tsx'
import { ThemeSwitch } from '../design/theme-switch.tsx'
import { Wordmark } from '../design/wordmark.tsx'
import { ConnectionNotice } from '../events/connection-notice.tsx'
import { ChooseFiles, TakePhoto } from '../uploads/choose-files.tsx'
import { DropAnywhere } from '../uploads/drop-anywhere.tsx'
import { UploadStrip } from '../uploads/upload-strip.tsx'
import { failureOfError } from '../words/failures.ts'

export function Shell() {
  const project = useProject()
  const say = useSay()
  const leave = () => session.leave().catch(error => say({ text: failureOfError(error).detail, tone: 'bad' }))
  return (
    <div className="flex h-full flex-col">
      <header className="flex h-14 shrink-0 items-center gap-1 border-b border-line px-3 sm:gap-2 sm:px-6">
        <Link to="/" className="rounded-sm" aria-label="Calotype, to the light table">
          <Wordmark />
        </Link>
        <span className="figures ml-3 truncate border-l border-line pl-4 text-xs text-ink-soft max-sm:sr-only">
          {project.name}
        </span>
        <span className="grow" />
        <IconButton icon="leave" label="Sign out" onClick={leave} />
        <ThemeSwitch />
        <TakePhoto compact />
        <ChooseFiles compact />
      </header>
      <ConnectionNotice />
      <main className="flex min-h-0 grow flex-col">
        <Outlet />
      </main>
      <UploadStrip />
      <DropAnywhere />
    </div>
  )
}
