import type { Project, ProjectStore } from '@calotype/core'
import type { Kysely, Selectable } from 'kysely'
import type { ProjectTable, Tables } from './tables.ts'

const toProject = (row: Selectable<ProjectTable>): Project => ({
  id: row.id,
  organizationId: row.organization_id,
  name: row.name,
  settings: row.settings,
  createdAt: row.created_at,
})

export const createPostgresProjectStore = (db: Kysely<Tables>): ProjectStore => ({
  async find(organizationId, projectId) {
    const row = await db
      .selectFrom('projects')
      .selectAll()
      .where('organization_id', '=', organizationId)
      .where('id', '=', projectId)
      .executeTakeFirst()
    return row ? toProject(row) : null
  },

  async findDefault(organizationId, projectIds) {
    const row = await among(db, organizationId, projectIds).limit(1).executeTakeFirst()
    return row ? toProject(row) : null
  },

  async load(projectId) {
    const row = await db.selectFrom('projects').selectAll().where('id', '=', projectId).executeTakeFirst()
    return row ? toProject(row) : null
  },

  async list(organizationId, projectIds) {
    return (await among(db, organizationId, projectIds).execute()).map(toProject)
  },
})

/** The organisation's projects among the allowed ones, oldest first. */
const among = (db: Kysely<Tables>, organizationId: string, projectIds: readonly string[] | null) => {
  const projects = db
    .selectFrom('projects')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .orderBy('created_at')
    .orderBy('id')
  if (projectIds === null) return projects
  return projects.where(eb => eb('id', '=', eb.fn.any(eb.val([...projectIds]))))
}
