import { Link, Outlet, useRouterState } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useMay } from '../access/me.tsx'
import { AccountMenu } from '../account/account-menu.tsx'
import { AccountOffer } from '../account/account-offer.tsx'
import { buttonClass } from '../design/button.tsx'
import { Wordmark } from '../design/wordmark.tsx'
import { ConnectionNotice } from '../events/connection-notice.tsx'
import { PlaceSwitch } from '../organizations/place-switch.tsx'
import { useProjectIfAny } from '../projects/project.tsx'
import { ChooseFiles, TakePhoto } from '../uploads/choose-files.tsx'
import { DropAnywhere } from '../uploads/drop-anywhere.tsx'
import { UploadStrip } from '../uploads/upload-strip.tsx'

/** `instead`: what the light table shows when the project cannot be shown. */
export function Shell({ instead }: { instead: ReactNode }) {
  const mayUpload = useMay('image.write')
  const hasProject = useProjectIfAny() !== null
  const isHome = useRouterState({ select: ({ location }) => location.pathname === '/' })
  // There a drop means the slot or the gallery that it falls on.
  const isEntities = useRouterState({ select: ({ location }) => location.pathname === '/images/entities' })
  const takesFiles = mayUpload && hasProject
  return (
    <div className="flex h-full flex-col">
      <header className="flex h-14 shrink-0 items-center gap-1 border-b border-line px-3 sm:gap-2 sm:px-6">
        <Link
          to="/"
          className="flex shrink-0 items-center rounded-sm max-sm:p-1"
          aria-label="Calotype, to the light table"
        >
          <Wordmark compact />
        </Link>
        <span aria-hidden="true" className="ml-2 h-5 border-l border-line max-sm:hidden" />
        <PlaceSwitch />
        <span className="grow" />
        {hasProject && (
          <Link to="/images/entities" className={`${buttonClass('quiet')} max-sm:hidden`}>
            Slots and galleries
          </Link>
        )}
        <AccountMenu />
        {takesFiles && (
          <>
            <TakePhoto compact />
            <ChooseFiles compact />
          </>
        )}
      </header>
      <ConnectionNotice />
      <AccountOffer />
      <main className="flex min-h-0 grow flex-col">{isHome && instead !== null ? instead : <Outlet />}</main>
      <UploadStrip />
      {takesFiles && !isEntities && <DropAnywhere />}
    </div>
  )
}
