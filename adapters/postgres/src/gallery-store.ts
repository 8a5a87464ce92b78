import type { EntityKey, Gallery, GalleryStore } from '@calotype/core'
import { type Kysely, type Selectable, sql } from 'kysely'
import type { GalleryTable, Tables } from './tables.ts'

const toGallery = (row: Selectable<GalleryTable>): Gallery => ({
  projectId: row.project_id,
  id: row.id,
  type: row.entity_type,
  entityId: row.entity_id,
  primaryImageId: row.primary_image_id,
})

const byEntity = (db: Kysely<Tables>, { projectId, type, entityId }: EntityKey) =>
  db
    .selectFrom('galleries')
    .selectAll()
    .where('project_id', '=', projectId)
    .where('entity_type', '=', type)
    .where('entity_id', '=', entityId)

const entry = (projectId: string, galleryId: string, imageId: string) =>
  sql`project_id = ${projectId} and gallery_id = ${galleryId} and image_id = ${imageId}`

export const createPostgresGalleryStore = (db: Kysely<Tables>): GalleryStore => ({
  ...createGalleries(db),
  ...createEntries(db),
})

type GalleryRows = Pick<GalleryStore, 'find' | 'load' | 'open' | 'lock' | 'setPrimary'>

const createGalleries = (db: Kysely<Tables>): GalleryRows => ({
  async find(entity) {
    const row = await byEntity(db, entity).executeTakeFirst()
    return row ? toGallery(row) : null
  },

  async load(projectId, galleryId) {
    const row = await db
      .selectFrom('galleries')
      .selectAll()
      .where('project_id', '=', projectId)
      .where('id', '=', galleryId)
      .executeTakeFirst()
    return row ? toGallery(row) : null
  },

  async open({ projectId: project_id, type: entity_type, entityId: entity_id }, id) {
    // The update changes nothing but holds the row, whoever made it.
    const row = await db
      .insertInto('galleries')
      .values({ project_id, id, entity_type, entity_id })
      .onConflict(conflict => conflict.columns(['project_id', 'entity_type', 'entity_id']).doUpdateSet({ entity_id }))
      .returningAll()
      .executeTakeFirstOrThrow()
    return toGallery(row)
  },

  async lock(entity) {
    const row = await byEntity(db, entity).forUpdate().executeTakeFirst()
    return row ? toGallery(row) : null
  },

  async setPrimary(projectId, galleryId, imageId) {
    await db
      .updateTable('galleries')
      .set({ primary_image_id: imageId })
      .where('project_id', '=', projectId)
      .where('id', '=', galleryId)
      .execute()
  },
})

type EntryRows = Omit<GalleryStore, keyof GalleryRows>

const createEntries = (db: Kysely<Tables>): EntryRows => ({
  async listEntries(projectId, galleryId) {
    const rows = await db
      .selectFrom('gallery_images')
      .select(['image_id', 'caption', 'added_at'])
      .where('project_id', '=', projectId)
      .where('gallery_id', '=', galleryId)
      .orderBy('position')
      .orderBy('image_id')
      .execute()
    return rows.map(row => ({ imageId: row.image_id, caption: row.caption, addedAt: row.added_at }))
  },

  async addEntry(projectId, galleryId, { imageId, caption, addedAt }) {
    await sql`
      insert into gallery_images (project_id, gallery_id, image_id, position, caption, added_at)
      select ${projectId}, ${galleryId}, ${imageId}, coalesce(max(position), 0) + 1, ${caption}, ${addedAt}::timestamptz
      from gallery_images where project_id = ${projectId} and gallery_id = ${galleryId}`.execute(db)
  },

  async setCaption(projectId, galleryId, imageId, caption) {
    await sql`
      update gallery_images set caption = ${caption} where ${entry(projectId, galleryId, imageId)}`.execute(db)
  },

  async removeEntry(projectId, galleryId, imageId) {
    await sql`delete from gallery_images where ${entry(projectId, galleryId, imageId)}`.execute(db)
  },

  async setOrder(projectId, galleryId, imageIds) {
    await sql`
      update gallery_images g set position = o.position
      from unnest(${[...imageIds]}::text[]) with ordinality as o(image_id, position)
      where g.project_id = ${projectId} and g.gallery_id = ${galleryId} and g.image_id = o.image_id`.execute(db)
  },

  async findHeld(projectId, imageIds, besides) {
    const rows = await db
      .selectFrom('gallery_images')
      .select('image_id')
      .distinct()
      .where(eb => eb('image_id', '=', eb.fn.any(eb.val([...imageIds]))))
      .where('project_id', '=', projectId)
      .$if(besides !== null, query => query.where('gallery_id', '<>', besides))
      .execute()
    return new Set(rows.map(row => row.image_id))
  },
})
