import type { ImageStatus } from '@calotype/sdk'
import {
  createRootRoute,
  createRoute,
  createRouter,
  type ErrorComponentProps,
  Link,
  lazyRouteComponent,
  retainSearchParams,
} from '@tanstack/react-router'
import { buttonClass } from '../design/button.tsx'
import { Message } from '../design/message.tsx'
import type { SheetFilter } from '../images/sheet.ts'
import { messageOf } from '../words/failures.ts'
import { statusWord } from '../words/statuses.ts'
import { Home } from './home.tsx'
import { Workspace } from './workspace.tsx'

const isStatus = (value: unknown): value is ImageStatus => typeof value === 'string' && value in statusWord

const root = createRootRoute({
  component: Workspace,
  notFoundComponent: NotFound,
  errorComponent: Broken,
  validateSearch: ({ project }: Record<string, unknown>): { project?: string | undefined } =>
    typeof project === 'string' && project !== '' ? { project } : {},
  // Wherever one goes, it is in the same project.
  search: { middlewares: [retainSearchParams(['project'])] },
})

const lightTable = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: Home,
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

const entities = createRoute({
  getParentRoute: () => root,
  // Below /images, where the server answers every page address with the console; no id looks like this.
  path: '/images/entities',
  component: lazyRouteComponent(() => import('../entities/entities-page.tsx'), 'EntitiesPage'),
  validateSearch: (search: Record<string, unknown>): { type?: string; id?: string; slot?: string } => {
    const named = (name: string) => (search[name] === undefined ? '' : String(search[name]))
    const [type, id, slot] = [named('type'), named('id'), named('slot')]
    return { ...(type !== '' && { type }), ...(id !== '' && { id }), ...(slot !== '' && { slot }) }
  },
})

const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  component: lazyRouteComponent(() => import('../settings/settings-page.tsx'), 'SettingsPage'),
})

const inSettings = () => settings
const settingsPages = [
  createRoute({
    getParentRoute: inSettings,
    path: '/',
    component: lazyRouteComponent(() => import('../settings/first-page.tsx'), 'FirstPage'),
  }),
  createRoute({
    getParentRoute: inSettings,
    path: '/project',
    component: lazyRouteComponent(() => import('../projects/project-page.tsx'), 'ProjectPage'),
  }),
  createRoute({
    getParentRoute: inSettings,
    path: '/new-project',
    component: lazyRouteComponent(() => import('../projects/new-project-page.tsx'), 'NewProjectPage'),
  }),
  createRoute({
    getParentRoute: inSettings,
    path: '/organization',
    component: lazyRouteComponent(() => import('../organizations/organization-page.tsx'), 'OrganizationPage'),
  }),
  createRoute({
    getParentRoute: inSettings,
    path: '/members',
    component: lazyRouteComponent(() => import('../organizations/members-page.tsx'), 'MembersPage'),
  }),
  createRoute({
    getParentRoute: inSettings,
    path: '/api-keys',
    component: lazyRouteComponent(() => import('../api-keys/api-keys-page.tsx'), 'ApiKeysPage'),
  }),
  createRoute({
    getParentRoute: inSettings,
    path: '/webhooks',
    component: lazyRouteComponent(() => import('../webhooks/webhooks-page.tsx'), 'WebhooksPage'),
  }),
  createRoute({
    getParentRoute: inSettings,
    path: '/webhooks/$webhookId',
    component: lazyRouteComponent(() => import('../webhooks/webhook-page.tsx'), 'WebhookPage'),
  }),
  createRoute({
    getParentRoute: inSettings,
    path: '/pipeline',
    component: lazyRouteComponent(() => import('../pipeline/pipeline-page.tsx'), 'PipelinePage'),
  }),
  createRoute({
    getParentRoute: inSettings,
    path: '/care',
    component: lazyRouteComponent(() => import('../care/care-page.tsx'), 'CarePage'),
  }),
  createRoute({
    getParentRoute: inSettings,
    path: '/audit',
    component: lazyRouteComponent(() => import('../audit/audit-page.tsx'), 'AuditPage'),
  }),
  createRoute({
    getParentRoute: inSettings,
    path: '/security-log',
    component: lazyRouteComponent(() => import('../security-log/security-log-page.tsx'), 'SecurityLogPage'),
  }),
  createRoute({
    getParentRoute: inSettings,
    path: '/account',
    component: lazyRouteComponent(() => import('../account/account-page.tsx'), 'AccountPage'),
  }),
] as const

export const router = createRouter({
  routeTree: root.addChildren([lightTable, print, entities, settings.addChildren(settingsPages)]),
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
