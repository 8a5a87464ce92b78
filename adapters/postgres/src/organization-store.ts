import type { Organization, OrganizationStore } from '@calotype/core'
import type { Kysely, Selectable } from 'kysely'
import type { OrganizationTable, Tables } from './tables.ts'

export const toOrganization = (
  row: Pick<Selectable<OrganizationTable>, 'id' | 'name' | 'created_at'>,
): Organization => ({
  id: row.id,
  name: row.name,
  createdAt: row.created_at,
})

/** What lets somebody into an organisation. */
const CREDENTIALS = ['api_keys', 'sign_in_links', 'sessions', 'memberships', 'invitations'] as const

export const createPostgresOrganizationStore = (db: Kysely<Tables>): OrganizationStore => ({
  async find(organizationId) {
    const row = await live(db, organizationId).executeTakeFirst()
    return row ? toOrganization(row) : null
  },

  async lock(organizationId) {
    const row = await live(db, organizationId).forUpdate().executeTakeFirst()
    return row ? toOrganization(row) : null
  },

  async add({ id, name, createdAt }) {
    await db.insertInto('organizations').values({ id, name, created_at: createdAt }).execute()
  },

  async rename(organizationId, name) {
    await db.updateTable('organizations').set({ name }).where('id', '=', organizationId).execute()
  },

  async markDeleted(organizationId, at) {
    await db.updateTable('organizations').set({ deleted_at: at }).where('id', '=', organizationId).execute()
    for (const table of CREDENTIALS) await db.deleteFrom(table).where('organization_id', '=', organizationId).execute()
    await db
      .updateTable('user_sessions')
      .set({ active_organization_id: null })
      .where('active_organization_id', '=', organizationId)
      .execute()
  },

  // What has no life of its own goes with the row.
  async remove(organizationId) {
    await db.deleteFrom('organizations').where('id', '=', organizationId).where('deleted_at', 'is not', null).execute()
  },
})

const live = (db: Kysely<Tables>, organizationId: string) =>
  db.selectFrom('organizations').selectAll().where('id', '=', organizationId).where('deleted_at', 'is', null)
