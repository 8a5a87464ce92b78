import type { Context } from '../context.ts'
import { authorizeEverywhere } from './authorize.ts'
import type { ApiKey, CredentialStore } from './credential-store.ts'
import { type Page, type PageInput, readPage } from './page.ts'

/**
 * A page of the organisation's keys, newest first, revoked and expired ones included. Who is bound to projects sees the keys that
 * are bound to some of the same ones and to no others. Rejects with `forbidden` or `invalid_cursor`.
 */
export async function listApiKeys(
  deps: { credentials: CredentialStore },
  { actor }: Context,
  input: PageInput,
): Promise<Page<ApiKey>> {
  authorizeEverywhere(actor, 'access.manage')
  const { organizationId, projectIds } = actor
  return readPage(input, page => deps.credentials.listApiKeys({ organizationId, projectIds, ...page }))
}
