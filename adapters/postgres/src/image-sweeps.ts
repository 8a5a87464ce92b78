import type { ImageStore } from '@calotype/core'
import { type Kysely, sql } from 'kysely'
import { allImages } from './image-reads.ts'
import { toImage } from './image-rows.ts'
import type { Tables } from './tables.ts'

/** What the sweeps ask, across projects: their answers name the project of each image. */
export const createImageSweeps = (
  db: Kysely<Tables>,
): Pick<
  ImageStore,
  'findStaleUploads' | 'findStranded' | 'findReferencedKeys' | 'forgetDeleted' | 'findDeletedSince'
> => ({
  async findStaleUploads(expiredBefore, limit) {
    const rows = await allImages(db)
      .where('images.status', '=', 'pending_upload')
      .where('images.upload_expires_at', '<', expiredBefore)
      .orderBy('images.upload_expires_at')
      .limit(limit)
      .execute()
    return rows.map(toImage)
  },

  async findStranded(updatedBefore, limit) {
    const rows = await allImages(db)
      .where('images.status', 'in', ['uploaded', 'processing'])
      .where('images.updated_at', '<', updatedBefore)
      .where(willBeProcessed, '=', false)
      .orderBy('images.updated_at')
      .limit(limit)
      .execute()
    return rows.map(toImage)
  },

  findReferencedKeys: keys => findReferencedKeys(db, keys),

  // While the job that removes an image's objects waits, runs or was given up, the record is all that knows of them.
  async forgetDeleted(now, limit) {
    const { rows } = await sql<{ id: string }>`
      delete from images where (project_id, id) in (
        select i.project_id, i.id from images i join projects p on p.id = i.project_id
        where i.status = 'deleted' and p.deleted_at is null
          and i.deleted_at < ${now}::timestamptz - make_interval(days => (p.settings->>'retentionDays')::int)
          and not exists (select 1 from graphile_worker.jobs j where j.key = 'image.purge:' || i.id)
        order by i.deleted_at limit ${limit} for update of i skip locked
      ) returning id`.execute(db)
    return rows.length
  },

  async findDeletedSince(since) {
    const rows = await db
      .selectFrom('images')
      .select('id')
      .where('status', '=', 'deleted')
      .where('deleted_at', '>=', since)
      .orderBy('deleted_at')
      .execute()
    return rows.map(row => row.id)
  },
})

/** A job in its last try has no tries left, but runs; one of a killed worker is unlocked by the others and then counts no more. */
const willBeProcessed = sql<boolean>`exists (
  select 1 from graphile_worker.jobs j
  where j.key = 'image.process:' || images.id and (j.attempts < j.max_attempts or j.locked_at is not null))`

/**
 * The key of an upload belongs to its image while the bytes are awaited, and everything under the prefix of an image that is being
 * worked on belongs to it, too, because variants are stored before they are recorded.
 */
async function findReferencedKeys(db: Kysely<Tables>, keys: readonly string[]): Promise<ReadonlySet<string>> {
  if (keys.length === 0) return new Set()
  // A union of joins, because `or exists` would read the tables in full.
  const { rows } = await sql<{ key: string }>`
    with k as materialized (select key collate "C" as key from unnest(${[...keys]}::text[]) as given(key))
    select k.key from k join originals o on o.object_key = k.key
    union select k.key from k join image_variants v on v.object_key = k.key
      join images i on i.project_id = v.project_id and i.id = v.image_id and i.status <> 'deleted'
    union select k.key from k join images i on i.id = substr(k.key, 9) and i.status = 'pending_upload'
      where k.key like 'uploads/%'
    union select k.key from k join images i on i.id = split_part(k.key, '/', 3)
      and i.project_id = split_part(k.key, '/', 2) and i.status in ('uploaded', 'processing')`.execute(db)
  return new Set(rows.map(row => row.key))
}
