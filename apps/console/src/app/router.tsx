import type { ImageStatus } from '@calotype/sdk'
import {
  createRootRoute,
  createRoute,
  createRouter,
  type ErrorComponentProps,
  Link,
  lazyRouteComponent,
} from '@tanstack/react-router'
import { buttonClass } from '../design/button.tsx'
import { Message } from '../design/message.tsx'
import { LightTable } from '../images/light-table.tsx'
import type { SheetFilter } from '../images/sheet.ts'
import { messageOf } from '../words/failures.ts'
import { statusWord } from '../words/statuses.ts'
import { Shell } from './shell.tsx'

const isStatus = (value: unknown): value is ImageStatus => typeof value === 'string' && value in statusWord

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound, errorComponent: Broken })

const lightTable = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: LightTable,
  validateSearch: ({ status, q }: Record<string, unknown>): SheetFilter => ({
    ...(isStatus(status) ? { status } : {}),
    ...(q !== undefined && String(q).trim() !== '' ? { q: String(q) } : {}),
  }),
})

const print = createRoute({
  getParentRoute: () => root,
  path: '/images/$imageId',
  component: lazyRouteComponent(() => import('../print/print-page.tsx'), 'PrintPage'),
})

export const router = createRouter({
  routeTree: root.addChildren([lightTable, print]),
  defaultPreload: false,
  defaultPendingMs: 200,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

function NotFound() {
  return (
    <Message
      title="There is no such page"
      actions={
        <Link to="/" className={buttonClass('primary')}>
          To the light table
        </Link>
      }
    >
      <p>The address may be mistyped.</p>
    </Message>
  )
}

/** A defect of the console itself; the words of the error help whoever it is reported to. */
function Broken({ error }: ErrorComponentProps) {
  return (
    <Message
      role="alert"
      title="This page met a defect of the console"
      note={messageOf(error)}
      actions={
        <button type="button" className={buttonClass('primary')} onClick={() => location.reload()}>
          Load it again
        </button>
      }
    >
      <p>Your images are not touched by it. Loading the page again usually helps.</p>
    </Message>
  )
}
