import type { ShareLink, ShareLinkStore, ShareTarget } from '@calotype/core'
import { type Kysely, type Selectable, sql } from 'kysely'
import type { ShareLinkTable, Tables } from './tables.ts'

type Row = Omit<Selectable<ShareLinkTable>, 'token_hash'>

function toLink(row: Row): ShareLink {
  const target = row.image_id === null ? { galleryId: row.gallery_id ?? '' } : { imageId: row.image_id }
  return {
    ...{ id: row.id, projectId: row.project_id, target, title: row.title },
    ...{ createdBy: { kind: row.created_by_kind, id: row.created_by_id }, createdAt: row.created_at },
    ...{ expiresAt: row.expires_at, revokedAt: row.revoked_at, views: row.views, lastViewedAt: row.last_viewed_at },
  }
}

/** Links of projects that are not deleted. */
const live = (db: Kysely<Tables>) =>
  db
    .selectFrom('share_links')
    .innerJoin('projects', 'projects.id', 'share_links.project_id')
    .selectAll('share_links')
    .where('projects.deleted_at', 'is', null)

const ofTarget = (db: Kysely<Tables>, projectId: string, target: ShareTarget) => {
  const links = db.selectFrom('share_links').where('project_id', '=', projectId)
  return 'imageId' in target
    ? links.where('image_id', '=', target.imageId)
    : links.where('gallery_id', '=', target.galleryId)
}

export const createPostgresShareLinkStore = (db: Kysely<Tables>): ShareLinkStore => ({
  async add({ target, ...link }, tokenHash) {
    await db
      .insertInto('share_links')
      .values({
        ...{ project_id: link.projectId, id: link.id, token_hash: tokenHash, title: link.title },
        image_id: 'imageId' in target ? target.imageId : null,
        gallery_id: 'galleryId' in target ? target.galleryId : null,
        ...{ created_by_kind: link.createdBy.kind, created_by_id: link.createdBy.id },
        ...{ created_at: link.createdAt, expires_at: link.expiresAt, revoked_at: link.revokedAt },
      })
      .execute()
  },

  async find(organizationId, linkId) {
    const row = await live(db)
      .where('projects.organization_id', '=', organizationId)
      .where('share_links.id', '=', linkId)
      .executeTakeFirst()
    return row ? toLink(row) : null
  },

  async findByToken(tokenHash) {
    const row = await live(db).where('share_links.token_hash', '=', tokenHash).executeTakeFirst()
    return row ? toLink(row) : null
  },

  async list({ projectId, target, before, limit }) {
    let rows = ofTarget(db, projectId, target).selectAll()
    if (before !== null) rows = rows.where('id', '<', before)
    return (await rows.orderBy('id', 'desc').limit(limit).execute()).map(toLink)
  },

  async findLiveCount(projectId, target, now) {
    const { count } = await ofTarget(db, projectId, target)
      .select(eb => eb.fn.countAll<number>().as('count'))
      .where('revoked_at', 'is', null)
      .where('expires_at', '>', now)
      .executeTakeFirstOrThrow()
    return count
  },

  async revoke(projectId, linkId, at) {
    const { numUpdatedRows } = await db
      .updateTable('share_links')
      .set({ revoked_at: at })
      .where('project_id', '=', projectId)
      .where('id', '=', linkId)
      .where('revoked_at', 'is', null)
      .executeTakeFirst()
    return numUpdatedRows > 0n
  },

  async noteViews(views) {
    const column = <Name extends 'projectId' | 'id' | 'count' | 'at'>(name: Name) => views.map(view => view[name])
    await sql`
      update share_links l set views = l.views + v.count, last_viewed_at = greatest(l.last_viewed_at, v.at)
      from unnest(${column('projectId')}::text[], ${column('id')}::text[], ${column('count')}::bigint[],
        ${column('at')}::timestamptz[]) as v(project_id, id, count, at)
      where l.project_id = v.project_id and l.id = v.id`.execute(db)
  },
})
