import { type Image, type ImageReassignment, notFound } from '@calotype/core'
import { type Kysely, sql } from 'kysely'
import { allImages } from './image-reads.ts'
import { changeColumns, toImage } from './image-rows.ts'
import type { Tables } from './tables.ts'

/** History and variants follow by their foreign keys. Several statements: only inside a transaction. */
export async function reassignImage(db: Kysely<Tables>, to: ImageReassignment): Promise<Image | null> {
  await requireLiveProject(db, to.toProjectId)
  const moved = await db
    .updateTable('images')
    .set({ ...changeColumns(to.change), project_id: to.toProjectId, original_key: to.originalKey, updated_at: to.at })
    .where('project_id', '=', to.image.projectId)
    .where('id', '=', to.image.id)
    .where('status', '=', to.image.status)
    .where('attempt', '=', to.image.attempt)
    .where(sql<boolean>`original_key is not distinct from ${to.image.originalKey}`)
    .returning('status')
    .executeTakeFirst()
  if (!moved || !(await renameVariants(db, to))) return null
  const { toProjectId: project_id } = to
  await db
    .insertInto('image_history')
    .values({ project_id, image_id: to.image.id, status: moved.status, at: to.at, detail: to.detail })
    .execute()
  const row = await allImages(db)
    .where('images.project_id', '=', project_id)
    .where('images.id', '=', to.image.id)
    .executeTakeFirstOrThrow()
  return toImage(row)
}

/** False when the image has other variants than those that were copied. */
async function renameVariants(db: Kysely<Tables>, to: ImageReassignment): Promise<boolean> {
  const [from, renamed] = [to.renamed.map(key => key.from), to.renamed.map(key => key.to)]
  const { rows } = await sql<{ renamed: boolean }>`
    with given as (select * from unnest(${from}::text[], ${renamed}::text[]) as k(old, new)),
    done as (
      update image_variants v set object_key = given.new from given
      where v.project_id = ${to.toProjectId} and v.image_id = ${to.image.id} and v.object_key = given.old
      returning 1
    )
    select (select count(*) from done) = cardinality(${from}::text[]) and (select count(*) from done) =
      (select count(*) from image_variants where project_id = ${to.toProjectId} and image_id = ${to.image.id})
      as renamed`.execute(db)
  return rows[0]?.renamed === true
}

/** Waits for whoever deletes the project, and is waited for. */
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
