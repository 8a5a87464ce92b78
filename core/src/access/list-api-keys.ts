import type { Context } from '../context.ts'
import { DomainError } from '../errors.ts'
import { isId } from '../ids.ts'
import { authorizeEverywhere } from './authorize.ts'
import type { ApiKey, CredentialStore } from './credential-store.ts'

const invalidCursor = (): DomainError =>
  new DomainError('invalid', 'invalid_cursor', 'This cursor is not one that a list answered.', { reason: 'cursor' })

/**
 * A page of the organisation's keys, newest first, revoked and expired ones included. Who is bound to projects sees the keys that
 * are bound to some of the same ones and to no others. Rejects with `forbidden` or `invalid_cursor`.
 */
export async function listApiKeys(
  deps: { credentials: CredentialStore },
  { actor }: Context,
  input: { cursor: string | null; limit: number },
): Promise<{ items: readonly ApiKey[]; nextCursor: string | null }> {
  authorizeEverywhere(actor, 'access.manage')
  if (input.cursor !== null && !isId(input.cursor)) throw invalidCursor()
  const { organizationId, projectIds } = actor
  const query = { organizationId, projectIds, before: input.cursor, limit: input.limit + 1 }
  const found = await deps.credentials.listApiKeys(query)
  const items = found.slice(0, input.limit)
  return { items, nextCursor: found.length > input.limit ? (items.at(-1)?.id ?? null) : null }
}
