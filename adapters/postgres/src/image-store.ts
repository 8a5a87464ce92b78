import {
  type Image,
  type ImageChange,
  type ImageMove,
  type ImageStore,
  type NewImage,
  notFound,
  type Variant,
} from '@calotype/core'
import type { Kysely } from 'kysely'
import { toJson } from './clean.ts'
import { createImageAnalysis } from './image-analysis.ts'
import { createImageLocator } from './image-locate.ts'
import { allImages, createImageReads } from './image-reads.ts'
import { reassignImage } from './image-reassign.ts'
import { changeColumns, imageParts, newImageColumns, toImage } from './image-rows.ts'
import { createImageSweeps } from './image-sweeps.ts'
import { createImageTombstones } from './image-tombstones.ts'
import type { Tables } from './tables.ts'

type ImageKey = { projectId: string; imageId: string }

export const createPostgresImageStore = (db: Kysely<Tables>): ImageStore => ({
  ...createImageReads(db),
  ...createImageSweeps(db),
  ...createImageAnalysis(db),
  ...createImageTombstones(db),
  ...createImageLocator(db),
  insert: (image, at) => insertImage(db, image, at),
  insertMany: (images, at) => insertImages(db, images, at),
  move: move => moveImage(db, move),
  update: (key, change) => updateImage(db, key, change),
  async findSome(projectId, which, limit) {
    const rows = await allImages(db)
      .where('images.project_id', '=', projectId)
      .$if(which === 'not_deleted', query => query.where('images.status', '<>', 'deleted'))
      .limit(limit)
      .execute()
    return rows.map(toImage)
  },
  async remove(projectId, imageIds) {
    await db
      .deleteFrom('images')
      .where('project_id', '=', projectId)
      .where(eb => eb('id', '=', eb.fn.any(eb.val([...imageIds]))))
      .execute()
  },
  reassign: to => reassignImage(db, to),
  setVariants: (key, recipeId, variants) => setVariants(db, key, recipeId, variants),
})

/** A lock that lets others insert, too, but waits for whoever deletes the project, and is waited for. */
async function requireLiveProject(db: Kysely<Tables>, projectId: string): Promise<void> {
  const live = await db
    .selectFrom('projects')
    .select('id')
    .where('id', '=', projectId)
    .where('deleted_at', 'is', null)
    .forKeyShare()
    .executeTakeFirst()
  if (!live) throw notFound()
}

async function insertImage(db: Kysely<Tables>, image: NewImage, at: Date): Promise<Image> {
  await requireLiveProject(db, image.projectId)
  const row = await db
    .with('added', query => query.insertInto('images').values(newImageColumns(image, at)).returningAll())
    .with('line', query =>
      query
        .insertInto('image_history')
        .columns(['project_id', 'image_id', 'status', 'at'])
        .expression(query.selectFrom('added').select(['project_id', 'id', 'status', 'created_at'])),
    )
    .selectFrom('added as images')
    .selectAll('images')
    .select(imageParts)
    .executeTakeFirstOrThrow()
  // The query reads what was there before it: its own history line comes from here.
  return { ...toImage(row), history: [{ status: image.status, at, detail: null }] }
}

async function insertImages(db: Kysely<Tables>, images: readonly NewImage[], at: Date): Promise<void> {
  if (images.length === 0) return
  // In one order, so that two such calls never wait for each other.
  for (const projectId of [...new Set(images.map(image => image.projectId))].sort())
    await requireLiveProject(db, projectId)
  await db
    .with('added', query =>
      query
        .insertInto('images')
        .values(images.map(image => newImageColumns(image, at)))
        .returning(['project_id', 'id', 'status', 'created_at']),
    )
    .insertInto('image_history')
    .columns(['project_id', 'image_id', 'status', 'at'])
    .expression(eb => eb.selectFrom('added').select(['project_id', 'id', 'status', 'created_at']))
    .execute()
}

async function moveImage(db: Kysely<Tables>, move: ImageMove): Promise<Image | null> {
  const row = await db
    .with('moved', query =>
      query
        .updateTable('images')
        .set({ ...changeColumns(move.change), status: move.to, updated_at: move.at })
        .where('project_id', '=', move.projectId)
        .where('id', '=', move.imageId)
        .where('status', '=', move.from)
        .where('purge_state', 'is', null)
        .$if(move.attempt !== undefined, update => update.where('attempt', '=', move.attempt ?? 0))
        .returningAll(),
    )
    .with('line', query =>
      query
        .insertInto('image_history')
        .columns(['project_id', 'image_id', 'status', 'at', 'detail'])
        .expression(
          query
            .selectFrom('moved')
            .select(eb => [
              'project_id',
              'id',
              'status',
              'updated_at',
              eb.cast<string | null>(eb.val(move.detail), 'text').as('detail'),
            ]),
        ),
    )
    .selectFrom('moved as images')
    .selectAll('images')
    .select(imageParts)
    .executeTakeFirst()
  if (!row) return null
  const image = toImage(row)
  return { ...image, history: [...image.history, { status: move.to, at: move.at, detail: move.detail }] }
}

async function updateImage(
  db: Kysely<Tables>,
  key: ImageKey & { status: Image['status'] },
  change: ImageChange,
): Promise<boolean> {
  const result = await db
    .updateTable('images')
    .set(eb => ({ ...changeColumns(change), updated_at: eb.fn<Date>('now') }))
    .where('project_id', '=', key.projectId)
    .where('id', '=', key.imageId)
    .where('status', '=', key.status)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/** One statement, so that outside a transaction, too, the image never has half of its variants. */
async function setVariants(
  db: Kysely<Tables>,
  key: ImageKey,
  recipeId: string,
  variants: readonly Variant[],
): Promise<void> {
  const rows = variants.map((variant, position) => ({
    project_id: key.projectId,
    image_id: key.imageId,
    name: variant.name,
    format: variant.format,
    position,
    recipe_id: recipeId,
    content_type: variant.contentType,
    width: variant.width,
    height: variant.height,
    size_bytes: variant.sizeBytes,
    object_key: variant.objectKey,
    encoding: toJson(variant.encoding),
  }))
  await db
    .deleteFrom('image_variants')
    .where('project_id', '=', key.projectId)
    .where('image_id', '=', key.imageId)
    .execute()
  if (rows.length > 0) await db.insertInto('image_variants').values(rows).execute()
  // The image's own row is written too, so that its version changes.
  await db
    .updateTable('images')
    .set(eb => ({ updated_at: eb.ref('updated_at') }))
    .where('project_id', '=', key.projectId)
    .where('id', '=', key.imageId)
    .execute()
}
