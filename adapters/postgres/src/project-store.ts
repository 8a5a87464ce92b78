import type { Project, ProjectStore } from '@calotype/core'
import type { Kysely, Selectable } from 'kysely'
import { toJson } from './clean.ts'
import { createDeletedProjects } from './deleted-projects.ts'
import type { ProjectTable, Tables } from './tables.ts'

const toProject = (row: Selectable<ProjectTable>): Project => ({
  id: row.id,
  organizationId: row.organization_id,
  name: row.name,
  settings: row.settings,
  createdAt: row.created_at,
})

export const createPostgresProjectStore = (db: Kysely<Tables>): ProjectStore => ({
  ...createDeletedProjects(db),

  async find(organizationId, projectId) {
    const row = await of(db, organizationId).where('id', '=', projectId).executeTakeFirst()
    return row ? toProject(row) : null
  },

  async findDefault(organizationId, projectIds) {
    const row = await among(db, organizationId, projectIds)
      .orderBy('created_at')
      .orderBy('id')
      .limit(1)
      .executeTakeFirst()
    return row ? toProject(row) : null
  },

  async load(projectId) {
    const row = await live(db).where('id', '=', projectId).executeTakeFirst()
    return row ? toProject(row) : null
  },

  async lock(projectId) {
    const row = await live(db).where('id', '=', projectId).forUpdate().executeTakeFirst()
    return row ? toProject(row) : null
  },

  async hold(projectId) {
    const row = await live(db).where('id', '=', projectId).forShare().executeTakeFirst()
    return row ? toProject(row) : null
  },

  async list(organizationId, projectIds) {
    return (await among(db, organizationId, projectIds).orderBy('created_at').orderBy('id').execute()).map(toProject)
  },

  async listPage({ organizationId, projectIds, before, limit }) {
    let rows = among(db, organizationId, projectIds)
    if (before !== null) rows = rows.where('id', '<', before)
    return (await rows.orderBy('id', 'desc').limit(limit).execute()).map(toProject)
  },

  async findByName(organizationId, name) {
    const row = await of(db, organizationId).where('name', '=', name).executeTakeFirst()
    return row ? toProject(row) : null
  },

  async findCount(organizationId) {
    const { count } = await db
      .selectFrom('projects')
      .select(eb => eb.fn.countAll<number>().as('count'))
      .where('organization_id', '=', organizationId)
      .where('deleted_at', 'is', null)
      .executeTakeFirstOrThrow()
    return count
  },

  async add({ id, organizationId, name, settings, createdAt }) {
    await db
      .insertInto('projects')
      .values({ id, organization_id: organizationId, name, settings: toJson(settings), created_at: createdAt })
      .execute()
  },

  async change(projectId, { name, settings }) {
    await db
      .updateTable('projects')
      .set({ name, settings: toJson(settings) })
      .where('id', '=', projectId)
      .where('deleted_at', 'is', null)
      .execute()
  },
})

const live = (db: Kysely<Tables>) => db.selectFrom('projects').selectAll().where('deleted_at', 'is', null)

const of = (db: Kysely<Tables>, organizationId: string) => live(db).where('organization_id', '=', organizationId)

/** The organisation's projects among the allowed ones. */
const among = (db: Kysely<Tables>, organizationId: string, projectIds: readonly string[] | null) => {
  const projects = of(db, organizationId)
  if (projectIds === null) return projects
  return projects.where(eb => eb('id', '=', eb.fn.any(eb.val([...projectIds]))))
}
