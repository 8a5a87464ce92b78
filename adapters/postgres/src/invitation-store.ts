import type { Invitation, InvitationStore } from '@calotype/core'
import { type Kysely, type Selectable, sql } from 'kysely'
import type { InvitationTable, Tables } from './tables.ts'

const toInvitation = (row: Selectable<InvitationTable>): Invitation => ({
  id: row.id,
  organizationId: row.organization_id,
  email: row.email,
  role: row.role,
  invitedBy: { kind: row.invited_by_kind, id: row.invited_by_id },
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  acceptedAt: row.accepted_at,
  revokedAt: row.revoked_at,
})

export const createPostgresInvitationStore = (db: Kysely<Tables>): InvitationStore => ({
  async add({ tokenHash, invitedBy, ...invitation }) {
    await db
      .insertInto('invitations')
      .values({
        id: invitation.id,
        organization_id: invitation.organizationId,
        email: invitation.email,
        role: invitation.role,
        token_hash: tokenHash,
        invited_by_kind: invitedBy.kind,
        invited_by_id: invitedBy.id,
        created_at: invitation.createdAt,
        expires_at: invitation.expiresAt,
      })
      .execute()
  },

  async find(organizationId, invitationId) {
    const row = await of(db, organizationId).where('id', '=', invitationId).executeTakeFirst()
    return row ? toInvitation(row) : null
  },

  async findByToken(tokenHash) {
    const row = await byToken(db, tokenHash).executeTakeFirst()
    return row ? toInvitation(row) : null
  },

  async lockByToken(tokenHash) {
    const row = await byToken(db, tokenHash).forUpdate().executeTakeFirst()
    return row ? toInvitation(row) : null
  },

  async list({ organizationId, before, limit }) {
    let rows = of(db, organizationId)
    if (before !== null) rows = rows.where('id', '<', before)
    return (await rows.orderBy('id', 'desc').limit(limit).execute()).map(toInvitation)
  },

  async findPendingCount(organizationId, now) {
    const { count } = await db
      .selectFrom('invitations')
      .select(eb => eb.fn.countAll<number>().as('count'))
      .where('organization_id', '=', organizationId)
      .where('accepted_at', 'is', null)
      .where('revoked_at', 'is', null)
      .where('expires_at', '>', now)
      .executeTakeFirstOrThrow()
    return count
  },

  async markAccepted(organizationId, invitationId, by, at) {
    await open(db, organizationId).set({ accepted_at: at, accepted_by: by }).where('id', '=', invitationId).execute()
  },

  async revoke(organizationId, invitationId, at) {
    const { numUpdatedRows } = await open(db, organizationId)
      .set({ revoked_at: at })
      .where('id', '=', invitationId)
      .executeTakeFirst()
    return numUpdatedRows > 0n
  },

  async revokeAll(organizationId, which, at) {
    const all = open(db, organizationId).set({ revoked_at: at })
    const meant =
      'email' in which
        ? all.where(sql<boolean>`lower(email) = lower(${which.email})`)
        : all.where('invited_by_kind', '=', 'user').where('invited_by_id', '=', which.invitedBy)
    await meant.execute()
  },
})

const of = (db: Kysely<Tables>, organizationId: string) =>
  db.selectFrom('invitations').selectAll().where('organization_id', '=', organizationId)

const byToken = (db: Kysely<Tables>, tokenHash: string) =>
  db.selectFrom('invitations').selectAll().where('token_hash', '=', tokenHash)

/** Those that wait for an answer. */
const open = (db: Kysely<Tables>, organizationId: string) =>
  db
    .updateTable('invitations')
    .where('organization_id', '=', organizationId)
    .where('accepted_at', 'is', null)
    .where('revoked_at', 'is', null)
