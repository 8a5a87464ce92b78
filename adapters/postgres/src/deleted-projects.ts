import type { ProjectStore } from '@calotype/core'
import type { Kysely } from 'kysely'
import type { Tables } from './tables.ts'

/** What stays of a project while it is being removed and after: the row until it is empty, the tombstone for delivery. */
export const createDeletedProjects = (
  db: Kysely<Tables>,
): Pick<
  ProjectStore,
  'markDeleted' | 'findDeletedIds' | 'findDeleted' | 'remove' | 'findRevoked' | 'forgetRemoved'
> => ({
  async markDeleted(projectId, at) {
    // The full lock of the row first: uploads that are being recorded hold a weaker one, which a mere update would not wait for.
    const row = await db
      .selectFrom('projects')
      .select('organization_id')
      .where('id', '=', projectId)
      .where('deleted_at', 'is', null)
      .forUpdate()
      .executeTakeFirst()
    if (!row) return
    await db.updateTable('projects').set({ deleted_at: at }).where('id', '=', projectId).execute()
    await db
      .insertInto('deleted_projects')
      .values({ organization_id: row.organization_id, project_id: projectId, deleted_at: at })
      .onConflict(conflict => conflict.doNothing())
      .execute()
  },

  async findDeletedIds(organizationId) {
    const rows = await db
      .selectFrom('projects')
      .select('id')
      .where('organization_id', '=', organizationId)
      .where('deleted_at', 'is not', null)
      .execute()
    return rows.map(row => row.id)
  },

  async findDeleted(projectId) {
    const row = await db
      .selectFrom('projects')
      .select('organization_id')
      .where('id', '=', projectId)
      .where('deleted_at', 'is not', null)
      .executeTakeFirst()
    return row ? { organizationId: row.organization_id } : null
  },

  async remove(projectId, at) {
    const { numDeletedRows } = await db
      .deleteFrom('projects')
      .where('id', '=', projectId)
      .where('deleted_at', 'is not', null)
      .executeTakeFirst()
    if (numDeletedRows === 0n) return
    await db.updateTable('deleted_projects').set({ removed_at: at }).where('project_id', '=', projectId).execute()
  },

  async findRevoked(removedSince) {
    const rows = await db
      .selectFrom('deleted_projects')
      .select('project_id')
      .where(eb => eb.or([eb('removed_at', 'is', null), eb('removed_at', '>=', removedSince)]))
      .execute()
    return rows.map(row => row.project_id)
  },

  async forgetRemoved(before) {
    const { numDeletedRows } = await db
      .deleteFrom('deleted_projects')
      .where('removed_at', '<', before)
      .executeTakeFirst()
    return Number(numDeletedRows)
  },
})
