import type { Actor, CredentialStore } from '@calotype/core'
import { type Kysely, sql } from 'kysely'
import { API_KEY_USE_SECONDS } from './limits.ts'
import type { Tables } from './tables.ts'

export const createPostgresCredentialStore = (db: Kysely<Tables>): CredentialStore => ({
  findByApiKey: keyHash => findByApiKey(db, keyHash),

  async addSignInLink(link) {
    await db
      .insertInto('sign_in_links')
      .values({ organization_id: link.organizationId, token_hash: link.tokenHash, expires_at: link.expiresAt })
      .execute()
  },

  async redeemSignInLink(tokenHash, now) {
    const row = await db
      .updateTable('sign_in_links')
      .set({ spent_at: now })
      .where('token_hash', '=', tokenHash)
      .where('spent_at', 'is', null)
      .where('expires_at', '>', now)
      .returning('organization_id')
      .executeTakeFirst()
    return row ? { organizationId: row.organization_id } : null
  },

  async addSession(session) {
    await db
      .insertInto('sessions')
      .values({
        id: session.id,
        organization_id: session.organizationId,
        token_hash: session.tokenHash,
        expires_at: session.expiresAt,
      })
      .execute()
  },

  async findBySession(tokenHash, now) {
    const row = await db
      .selectFrom('sessions')
      .select(['id', 'organization_id'])
      .where('token_hash', '=', tokenHash)
      .where('expires_at', '>', now)
      .executeTakeFirst()
    if (!row) return null
    return {
      kind: 'user',
      id: row.id,
      organizationId: row.organization_id,
      role: 'owner',
      projectIds: null,
      scopes: null,
    }
  },

  async removeSession(tokenHash) {
    await db.deleteFrom('sessions').where('token_hash', '=', tokenHash).execute()
  },
})

async function findByApiKey(db: Kysely<Tables>, keyHash: string): Promise<Actor | null> {
  const row = await db
    .selectFrom('api_keys')
    .select(['organization_id', 'id', 'kind', 'role', 'project_ids', 'scopes'])
    .select(
      sql<boolean>`last_used_at is null or last_used_at < now() - make_interval(secs => ${API_KEY_USE_SECONDS})`.as(
        'stale',
      ),
    )
    .where('key_hash', '=', keyHash)
    .where('revoked_at', 'is', null)
    .where(eb => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', eb.fn<Date>('now'))]))
    .executeTakeFirst()
  if (!row) return null
  // Not at every call: a busy key would write as often as it reads.
  if (row.stale) {
    await db
      .updateTable('api_keys')
      .set(eb => ({ last_used_at: eb.fn<Date>('now') }))
      .where('organization_id', '=', row.organization_id)
      .where('id', '=', row.id)
      .execute()
  }
  return {
    kind: row.kind,
    id: row.id,
    organizationId: row.organization_id,
    role: row.role,
    projectIds: row.project_ids,
    scopes: row.scopes,
  }
}
