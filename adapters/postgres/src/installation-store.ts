import type { InstallationStore } from '@calotype/core'
import { type Kysely, sql } from 'kysely'
import { toJson } from './clean.ts'
import type { Tables } from './tables.ts'

/** Arbitrary, but the same in every version. */
const INSTALLATION_LOCK = 4_210_117_002

export const createPostgresInstallationStore = (db: Kysely<Tables>): InstallationStore => ({
  async lock() {
    await sql`select pg_advisory_xact_lock(${INSTALLATION_LOCK})`.execute(db)
  },

  async findFirstOrganization() {
    const row = await db
      .selectFrom('organizations')
      .select('id')
      .where('installed', '=', true)
      .where('deleted_at', 'is', null)
      .orderBy('created_at')
      .orderBy('id')
      .limit(1)
      .executeTakeFirst()
    return row ?? null
  },

  async addOrganization(organization) {
    await db
      .insertInto('organizations')
      .values({ id: organization.id, name: organization.name, installed: true })
      .execute()
  },

  async addProject(project) {
    await db
      .insertInto('projects')
      .values({
        id: project.id,
        organization_id: project.organizationId,
        name: project.name,
        settings: toJson(project.settings),
      })
      .execute()
  },

  async addApiKey(key) {
    await db
      .insertInto('api_keys')
      .values({
        id: key.id,
        organization_id: key.organizationId,
        name: key.name,
        role: key.role,
        key_hash: key.keyHash,
      })
      .execute()
  },
})
