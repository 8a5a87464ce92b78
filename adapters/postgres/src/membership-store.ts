import type { Member, Membership, MembershipStore } from '@calotype/core'
import type { Kysely, Selectable } from 'kysely'
import { toOrganization } from './organization-store.ts'
import type { MembershipTable, Tables } from './tables.ts'

const toMembership = (row: Selectable<MembershipTable>): Membership => ({
  id: row.id,
  organizationId: row.organization_id,
  userId: row.user_id,
  role: row.role,
  joinedAt: row.joined_at,
})

const toMember = (row: Selectable<MembershipTable> & { name: string; email: string }): Member => ({
  ...toMembership(row),
  name: row.name,
  email: row.email,
})

export const createPostgresMembershipStore = (db: Kysely<Tables>): MembershipStore => ({
  async find(userId, organizationId) {
    const row = await one(db, organizationId, userId).executeTakeFirst()
    return row ? toMembership(row) : null
  },

  async listByUser(userId) {
    const rows = await db
      .selectFrom('memberships')
      .innerJoin('organizations', 'organizations.id', 'memberships.organization_id')
      .selectAll('memberships')
      .select(['organizations.name', 'organizations.created_at'])
      .where('memberships.user_id', '=', userId)
      .where('organizations.deleted_at', 'is', null)
      .orderBy('memberships.id')
      .execute()
    return rows.map(row => ({
      organization: toOrganization({ ...row, id: row.organization_id }),
      membership: toMembership(row),
    }))
  },

  async list({ organizationId, before, limit }) {
    let rows = members(db, organizationId)
    if (before !== null) rows = rows.where('memberships.id', '<', before)
    return (await rows.orderBy('memberships.id', 'desc').limit(limit).execute()).map(toMember)
  },

  async findMember(organizationId, userId) {
    const row = await members(db, organizationId).where('memberships.user_id', '=', userId).executeTakeFirst()
    return row ? toMember(row) : null
  },

  async findPerson(userId) {
    const row = await db.selectFrom('users').select(['id', 'name', 'email']).where('id', '=', userId).executeTakeFirst()
    return row ?? null
  },

  async lockPerson(userId) {
    const row = await db.selectFrom('users').select('id').where('id', '=', userId).forUpdate().executeTakeFirst()
    return row !== undefined
  },

  async findOwnerCount(organizationId) {
    const { count } = await db
      .selectFrom('memberships')
      .select(eb => eb.fn.countAll<number>().as('count'))
      .where('organization_id', '=', organizationId)
      .where('role', '=', 'owner')
      .executeTakeFirstOrThrow()
    return count
  },

  async add({ id, organizationId, userId, role, joinedAt }) {
    const row = await db
      .insertInto('memberships')
      .values({ id, organization_id: organizationId, user_id: userId, role, joined_at: joinedAt })
      .onConflict(conflict => conflict.columns(['organization_id', 'user_id']).doNothing())
      .returning('id')
      .executeTakeFirst()
    return row !== undefined
  },

  async setRole(organizationId, userId, role) {
    const { numUpdatedRows } = await db
      .updateTable('memberships')
      .set({ role })
      .where('organization_id', '=', organizationId)
      .where('user_id', '=', userId)
      .executeTakeFirst()
    return numUpdatedRows > 0n
  },

  async remove(organizationId, userId) {
    const { numDeletedRows } = await db
      .deleteFrom('memberships')
      .where('organization_id', '=', organizationId)
      .where('user_id', '=', userId)
      .executeTakeFirst()
    return numDeletedRows > 0n
  },

  async setActiveOrganization(sessionId, organizationId) {
    await db
      .updateTable('user_sessions')
      .set({ active_organization_id: organizationId })
      .where('id', '=', sessionId)
      .execute()
  },
})

const one = (db: Kysely<Tables>, organizationId: string, userId: string) =>
  db.selectFrom('memberships').selectAll().where('organization_id', '=', organizationId).where('user_id', '=', userId)

const members = (db: Kysely<Tables>, organizationId: string) =>
  db
    .selectFrom('memberships')
    .innerJoin('users', 'users.id', 'memberships.user_id')
    .selectAll('memberships')
    .select(['users.name', 'users.email'])
    .where('memberships.organization_id', '=', organizationId)
