import type { ApiKey, ApiKeyUse, CredentialStore, ProvenActor } from '@calotype/core'
import { type Kysely, type Selectable, sql } from 'kysely'
import { API_KEY_USE_SECONDS } from './limits.ts'
import type { ApiKeyTable, Tables } from './tables.ts'

type KeyMethods = Exclude<keyof CredentialStore, `${string}Session` | `${string}SignInLink`>

const COLUMNS = [
  'organization_id',
  'id',
  'name',
  'kind',
  'role',
  'scopes',
  'project_ids',
  'created_at',
  'expires_at',
  'revoked_at',
  'last_used_at',
] as const

/** The part of the credential store that is about API keys. */
export const createApiKeyRows = (db: Kysely<Tables>): Pick<CredentialStore, KeyMethods> => ({
  findByApiKey: keyHash => findByApiKey(db, keyHash),

  async findApiKey(organizationId, id) {
    const row = await db
      .selectFrom('api_keys')
      .select(COLUMNS)
      .where('organization_id', '=', organizationId)
      .where('id', '=', id)
      .executeTakeFirst()
    return row ? toKey(row) : null
  },

  async listApiKeys({ organizationId, projectIds, before, limit }) {
    let query = db.selectFrom('api_keys').select(COLUMNS).where('organization_id', '=', organizationId)
    if (before !== null) query = query.where('id', '<', before)
    if (projectIds !== null) query = query.where(sql<boolean>`project_ids <@ ${[...projectIds]}::text[]`)
    return (await query.orderBy('id', 'desc').limit(limit).execute()).map(toKey)
  },

  async countApiKeysLocked(organizationId, now) {
    // Not `for update`: rows that refer to the organisation may go on being written.
    await db
      .selectFrom('organizations')
      .select('id')
      .where('id', '=', organizationId)
      .forNoKeyUpdate()
      .executeTakeFirst()
    const { live } = await db
      .selectFrom('api_keys')
      .select(eb => eb.fn.countAll<string>().as('live'))
      .where('organization_id', '=', organizationId)
      .where('revoked_at', 'is', null)
      .where(eb => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', now)]))
      .executeTakeFirstOrThrow()
    return Number(live)
  },

  async addApiKey(key) {
    await db
      .insertInto('api_keys')
      .values({
        organization_id: key.organizationId,
        id: key.id,
        name: key.name,
        kind: key.kind,
        role: key.role,
        key_hash: key.keyHash,
        project_ids: key.projectIds && [...key.projectIds],
        scopes: key.scopes && [...key.scopes],
        created_at: key.createdAt,
        expires_at: key.expiresAt,
      })
      .execute()
  },

  async revokeApiKey(organizationId, id, at) {
    const { numUpdatedRows } = await db
      .updateTable('api_keys')
      .set({ revoked_at: at })
      .where('organization_id', '=', organizationId)
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      .executeTakeFirst()
    return numUpdatedRows > 0n
  },

  noteApiKeyUses: uses => noteApiKeyUses(db, uses),
})

async function findByApiKey(db: Kysely<Tables>, keyHash: string): Promise<ProvenActor | null> {
  const row = await db
    .selectFrom('api_keys')
    .innerJoin('organizations', 'organizations.id', 'api_keys.organization_id')
    .select(['organization_id', 'api_keys.id', 'kind', 'role', 'project_ids', 'scopes', 'expires_at'])
    .where('key_hash', '=', keyHash)
    .where('revoked_at', 'is', null)
    .where('organizations.deleted_at', 'is', null)
    .where(eb => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', eb.fn<Date>('now'))]))
    .executeTakeFirst()
  if (!row) return null
  const actor = {
    kind: row.kind,
    id: row.id,
    organizationId: row.organization_id,
    // A service is judged by its scopes; should anything look at its role, it is the least.
    role: row.role ?? 'viewer',
    projectIds: row.project_ids,
    scopes: row.scopes,
  }
  return { actor, expiresAt: row.expires_at }
}

/** One statement for all, in the order of the keys, so that two processes never wait for each other in a circle. */
async function noteApiKeyUses(db: Kysely<Tables>, uses: readonly ApiKeyUse[]): Promise<void> {
  if (uses.length === 0) return
  await sql`
    with used as (
      select organization_id, id, at
      from unnest(
        ${uses.map(use => use.organizationId)}::text[],
        ${uses.map(use => use.id)}::text[],
        ${uses.map(use => use.at.toISOString())}::timestamptz[]
      ) as u (organization_id, id, at)
    ), due as (
      select k.organization_id, k.id, used.at
      from api_keys k join used on used.organization_id = k.organization_id and used.id = k.id
      where k.last_used_at is null or k.last_used_at < used.at - make_interval(secs => ${API_KEY_USE_SECONDS})
      order by k.organization_id, k.id
      for no key update of k
    )
    update api_keys k set last_used_at = due.at
    from due where due.organization_id = k.organization_id and due.id = k.id`.execute(db)
}

const toKey = (row: Omit<Selectable<ApiKeyTable>, 'key_hash'>): ApiKey => ({
  id: row.id,
  organizationId: row.organization_id,
  name: row.name,
  kind: row.kind,
  role: row.role,
  scopes: row.scopes,
  projectIds: row.project_ids,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  revokedAt: row.revoked_at,
  lastUsedAt: row.last_used_at,
})
