import { AccessInfo } from '@calotype/contract'
import type { Deps } from '../../deps.ts'
import type { App } from '../app.ts'
import { withProblems } from '../route-schema.ts'

/** `GET /access`: what a page needs to know before anybody has signed in. */
export function access(app: App, deps: Deps): void {
  const schema = {
    summary: 'How to get in',
    tags: ['access'],
    security: [],
    response: withProblems({ 200: AccessInfo }),
  }
  app.get('/access', { config: { open: true }, schema }, async () => ({
    mode: deps.access.mode,
    registration: deps.access.registration,
  }))
}
