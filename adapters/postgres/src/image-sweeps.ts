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
  'findStaleUploads' | 'findStranded' | 'findLostImports' | 'findReferencedKeys' | 'findDeletedSince'
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
      .where(willRun('image.process'), '=', false)
      .orderBy('images.updated_at')
      .limit(limit)
      .execute()
    return rows.map(toImage)
  },

  async findLostImports({ updatedBefore, now, limit }) {
    const rows = await allImages(db)
      .where('images.status', '=', 'pending_upload')
      .where('images.origin', '=', 'import')
      .where('images.updated_at', '<', updatedBefore)
      .where('images.upload_expires_at', '>', now)
      .where(willRun('image.import'), '=', false)
      .orderBy('images.updated_at')
      .limit(limit)
      .execute()
    return rows.map(toImage)
  },

  findReferencedKeys: keys => findReferencedKeys(db, keys),

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
const willRun = (job: 'image.process' | 'image.import') => sql<boolean>`exists (
  select 1 from graphile_worker.jobs j
  where j.key = ${`${job}:`}::text || images.id and (j.attempts < j.max_attempts or j.locked_at is not null))`

/**
 * The key of an upload belongs to its image while the bytes are awaited, and everything under the prefix of an image that is being
 * worked on belongs to it, too, because variants are stored before they are recorded. A deleted image that can be restored keeps what a
 * restore needs, until its project is deleted.
 */
async function findReferencedKeys(db: Kysely<Tables>, keys: readonly string[]): Promise<ReadonlySet<string>> {
  if (keys.length === 0) return new Set()
  // A union of joins, because `or exists` would read the tables in full.
  const { rows } = await sql<{ key: string }>`
    with k as materialized (select key collate "C" as key from unnest(${[...keys]}::text[]) as given(key)),
    named as materialized (
      select k.key, v.project_id, v.image_id, 'variant' as role
        from k join image_variants v on v.object_key = k.key
      union all select k.key, i.project_id, i.id, 'upload'
        from k join images i on i.id = substr(k.key, 9) where k.key like 'uploads/%'
      union all select k.key, i.project_id, i.id, 'prefix'
        from k join images i on i.id = split_part(k.key, '/', 3) and i.project_id = split_part(k.key, '/', 2))
    select k.key from k join originals o on o.object_key = k.key and o.state = 'live'
    union select n.key from named n
      join images i on i.project_id = n.project_id and i.id = n.image_id
      join projects p on p.id = i.project_id
      cross join lateral (select case when i.status <> 'deleted' then i.status
        when i.purge_state is null and p.deleted_at is null then i.former_status end) as s(status)
      where case n.role when 'variant' then s.status is not null when 'upload' then s.status = 'pending_upload'
        else i.status in ('uploaded', 'processing') or i.status = 'ready' and exists (
          select 1 from remake_items m join remake_runs r on r.project_id = m.project_id and r.id = m.run_id
          where m.project_id = i.project_id and m.image_id = i.id and m.state = 'working'
            and r.state in ('running', 'paused')) end
    union select k.key from k join upload_chunks c on c.object_key = k.key
    union select k.key from k join retired_objects o on o.object_key = k.key
      join projects p on p.id = o.project_id and p.deleted_at is null where o.keep_until > now()`.execute(db)
  return new Set(rows.map(row => row.key))
}
