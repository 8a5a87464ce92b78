import type { Clock } from '../clock.ts'
import type { Context } from '../context.ts'
import type { Database } from '../database.ts'
import { noteChange } from '../security/index.ts'
import type { Actor } from './actor.ts'
import { authorizeEverywhere } from './authorize.ts'
import type { ApiKey } from './credential-store.ts'
import { notFound } from './errors.ts'

/**
 * Revokes a key of the actor's organisation for good; doing it again is no error. Rejects with `forbidden`, or `not_found` when the
 * key is not there, belongs to somebody else, or reaches further than the actor.
 */
export async function revokeApiKey(
  deps: { database: Database; clock: Clock },
  ctx: Context,
  input: { keyId: string },
): Promise<void> {
  const { actor } = ctx
  authorizeEverywhere(actor, 'access.manage')
  const at = deps.clock.now()
  await deps.database.transaction(async tx => {
    const key = await tx.credentials.findApiKey(actor.organizationId, input.keyId)
    if (!key || !isInReach(actor, key)) throw notFound()
    const revoked = await tx.credentials.revokeApiKey(actor.organizationId, key.id, at)
    if (revoked) await noteChange(tx, ctx, { event: 'key.revoked', detail: `Key ${key.id} was revoked`, at })
  })
}

const isInReach = ({ projectIds }: Actor, key: ApiKey): boolean =>
  projectIds === null || key.projectIds?.every(id => projectIds.includes(id)) === true
