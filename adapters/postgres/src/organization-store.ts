import type { OrganizationStore } from '@calotype/core'
import type { Kysely } from 'kysely'
import type { Tables } from './tables.ts'

export const createPostgresOrganizationStore = (db: Kysely<Tables>): OrganizationStore => ({
  async find(organizationId) {
    const row = await db.selectFrom('organizations').selectAll().where('id', '=', organizationId).executeTakeFirst()
    return row ? { id: row.id, name: row.name, createdAt: row.created_at } : null
  },
})
