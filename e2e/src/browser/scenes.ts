import type { Page } from 'playwright-core'

/** A place of the console, and what to do there before it is looked at. */
export interface Scene {
  name: string
  path: string
  act?: (page: Page) => Promise<unknown>
}

/** Before somebody is in. */
export const doors: readonly Scene[] = [
  { name: 'sign-in', path: '/' },
  {
    name: 'sign-in-refused',
    path: '/',
    act: async page => {
      await page.getByLabel('E-mail').fill('ada@example.com')
      await page.getByLabel('Password', { exact: true }).fill('not the password')
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.getByText('is not right').waitFor()
    },
  },
  { name: 'register', path: '/#register' },
  { name: 'forgot-password', path: '/#forgot-password' },
  { name: 'new-password', path: '/#reset=not-a-token' },
  { name: 'invitation-gone', path: '/#invitation=not-a-token' },
]

/** Behind the door, as an owner. */
export const settings: readonly Scene[] = [
  {
    name: 'places',
    path: '/',
    act: page => page.getByRole('button', { name: /^Project .* Switch$/ }).click(),
  },
  {
    name: 'account-menu',
    path: '/',
    act: page => page.getByRole('button', { name: 'Account and settings' }).click(),
  },
  { name: 'no-such-project', path: '/?project=none' },
  { name: 'project', path: '/settings/project' },
  { name: 'new-project', path: '/settings/new-project' },
  { name: 'organization', path: '/settings/organization' },
  { name: 'members', path: '/settings/members' },
  { name: 'api-keys', path: '/settings/api-keys' },
  {
    name: 'new-api-key',
    path: '/settings/api-keys',
    act: page => page.getByRole('button', { name: 'New key' }).click(),
  },
  { name: 'security-log', path: '/settings/security-log' },
  { name: 'audit', path: '/settings/audit' },
  { name: 'webhooks', path: '/settings/webhooks' },
  {
    name: 'webhook',
    path: '/settings/webhooks',
    act: async page => {
      await page
        .getByRole('link', { name: /example\.com/ })
        .first()
        .click()
      await page.getByRole('heading', { name: 'Deliveries' }).waitFor()
    },
  },
  { name: 'pipeline', path: '/settings/pipeline' },
  { name: 'care', path: '/settings/care' },
  { name: 'bin', path: '/?status=deleted' },
  { name: 'slots', path: '/images/entities?type=moc&id=42&slot=thumbnail' },
  { name: 'account', path: '/settings/account' },
]
