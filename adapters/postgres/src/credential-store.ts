import type { CredentialStore } from '@calotype/core'
import type { Kysely } from 'kysely'
import { createApiKeyRows } from './api-key-rows.ts'
import type { Tables } from './tables.ts'

export const createPostgresCredentialStore = (db: Kysely<Tables>): CredentialStore => ({
  ...createApiKeyRows(db),

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
