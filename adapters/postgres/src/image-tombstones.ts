import type { Deletion, SimilarQuery, TombstoneStore } from '@calotype/core'
import { type Kysely, sql } from 'kysely'
import { allImages } from './image-reads.ts'
import { toImage } from './image-rows.ts'
import type { Tables } from './tables.ts'

/** Deleted images: each step is one statement. */
export const createImageTombstones = (db: Kysely<Tables>): TombstoneStore => ({
  tombstone: (deletions, at) => tombstone(db, deletions, at),

  async withdrawVariants(projectId, imageIds) {
    const { rows } = await sql<{ image_id: string; size_bytes: number }>`
      with gone as (
        delete from image_variants where project_id = ${projectId} and image_id = any(${[...imageIds]}::text[])
          and object_key like 'public/%' returning image_id, size_bytes)
      select image_id, sum(size_bytes)::bigint as size_bytes from gone group by image_id`.execute(db)
    return rows.map(row => ({ imageId: row.image_id, sizeBytes: row.size_bytes }))
  },

  async startPurge(projectId, imageId, now) {
    const { rows } = await sql<{ id: string }>`
      update images i set purge_state = 'purging' from projects p
      where i.project_id = ${projectId} and i.id = ${imageId} and p.id = i.project_id and p.deleted_at is null
        and ${isDue(now)}
      returning i.id`.execute(db)
    if (rows.length === 0) return null
    const row = await allImages(db)
      .where('images.project_id', '=', projectId)
      .where('images.id', '=', imageId)
      .executeTakeFirst()
    return row ? toImage(row) : null
  },

  async finishPurge(projectId, imageId) {
    const { rows } = await sql`
      with done as (
        update images set purge_state = 'purged', original_key = null, metadata = null, placeholder = null,
          perceptual_hash = null
        where project_id = ${projectId} and id = ${imageId} and purge_state = 'purging' returning project_id, id
      ), emptied as (
        delete from image_variants v using done where v.project_id = done.project_id and v.image_id = done.id)
      select id from done`.execute(db)
    return rows.length > 0
  },

  async findDueTombstones(now, limit) {
    const { rows } = await sql<{
      project_id: string
      id: string
      purge_at: Date | null
      purge_state: 'purging' | null
    }>`
      select i.project_id, i.id, i.purge_at, i.purge_state
      from images i join projects p on p.id = i.project_id and p.deleted_at is null
      where ${isDue(now)} order by i.purge_at limit ${limit}`.execute(db)
    return rows.map(row => ({
      projectId: row.project_id,
      id: row.id,
      purgeAt: row.purge_at,
      purgeState: row.purge_state,
    }))
  },

  async forgetPurged(before, limit) {
    const { rows } = await sql<{ id: string }>`
      delete from images where (project_id, id) in (
        select project_id, id from images
        where purge_state = 'purged' and deleted_at < ${before}::timestamptz
          and (upload_expires_at is null or upload_expires_at < ${before}::timestamptz)
        order by deleted_at limit ${limit} for update skip locked
      ) returning id`.execute(db)
    return rows.length
  },

  findSimilar: query => findSimilar(db, query),
})

/** Its time has come, and it is not purged yet. What is deleted with its project has no time of its own. */
const isDue = (now: Date) => sql<boolean>`i.status = 'deleted' and i.purge_state is distinct from 'purged'
  and (i.former_status is not null or i.purge_state = 'purging') and i.purge_at <= ${now}::timestamptz`

async function tombstone(db: Kysely<Tables>, deletions: readonly Deletion[], at: Date) {
  if (deletions.length === 0) return []
  const column = <Name extends keyof Deletion>(name: Name) => deletions.map(deletion => deletion[name])
  // Locked in one order, so that two callers who delete the same images never wait for each other.
  const { rows } = await sql<{ id: string; attempt: number }>`
    with given as (
      select * from unnest(${column('projectId')}::text[], ${column('imageId')}::text[], ${column('from')}::text[],
        ${column('purgeAt')}::timestamptz[]) as g(project_id, id, status, purge_at)
    ), held as (
      select i.project_id, i.id, g.status, g.purge_at from given g
      join images i on i.project_id = g.project_id and i.id = g.id and i.status = g.status
      where i.status <> 'deleted' order by i.project_id, i.id for update of i
    ), moved as (
      update images i set status = 'deleted', former_status = held.status, purge_at = held.purge_at,
        deleted_at = ${at}::timestamptz, updated_at = ${at}::timestamptz
      from held where i.project_id = held.project_id and i.id = held.id
      returning i.project_id, i.id, i.attempt
    ), lines as (
      insert into image_history (project_id, image_id, status, at)
      select project_id, id, 'deleted', ${at}::timestamptz from moved
    )
    select id, attempt from moved`.execute(db)
  return rows.map(row => ({ imageId: row.id, attempt: row.attempt }))
}

/** Compares in the index alone, the newest first and no more than `scan` of them; only what is near is read as a whole. */
async function findSimilar(db: Kysely<Tables>, query: SimilarQuery) {
  const { projectId, perceptualHash, distance, scan, limit } = query
  const { rows } = await sql<{ id: string }>`
    select id from (
      select id, bit_count(('x' || perceptual_hash)::bit(64) # ('x' || ${perceptualHash}::text)::bit(64)) as differs
      from (
        select id, perceptual_hash from images
        where project_id = ${projectId} and status = 'ready' and perceptual_hash is not null
        order by id desc limit ${scan}
      ) newest
    ) compared where differs <= ${distance} order by differs, id desc limit ${limit}`.execute(db)
  if (rows.length === 0) return []
  const ids = rows.map(row => row.id)
  const found = await allImages(db)
    .where('images.project_id', '=', projectId)
    .where(eb => eb('images.id', '=', eb.fn.any(eb.val(ids))))
    .execute()
  const images = new Map(found.map(row => [row.id, toImage(row)]))
  return ids.flatMap(id => images.get(id) ?? [])
}
