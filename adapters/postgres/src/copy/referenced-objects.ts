import type { ObjectReference } from '@calotype/core'
import type pg from 'pg'

interface ObjectRow {
  key: string
  project_id: string
  size_bytes: number | null
  sha256: string | null
  content_type: string
  required: boolean
}

/**
 * Each list has a key once and comes in the order of an index, so that a page is found without reading the rest. Of an upload that was
 * just completed there are two rows: what is known of the bytes wins.
 */
const PAGE = `
  select key, min(project_id) as project_id, max(size_bytes) as size_bytes, max(sha256) as sha256,
    coalesce(max(content_type), 'application/octet-stream') as content_type, bool_or(required) as required
  from (
    (select distinct on (o.object_key) o.object_key as key, o.project_id, o.size_bytes, o.sha256, o.state = 'live' as required,
        (select coalesce(i.content_type, i.declared_type) from images i
          where i.project_id = o.project_id and i.original_key = o.object_key order by i.id limit 1) as content_type
      from originals o where o.object_key > $1 order by o.object_key, o.state limit $2)
    union all
    (select distinct on (v.object_key) v.object_key, v.project_id, v.size_bytes, null,
        coalesce((select i.status = 'ready' from images i where i.project_id = v.project_id and i.id = v.image_id), false),
        v.content_type
      from image_variants v where v.object_key > $1 order by v.object_key limit $2)
    union all
    (select c.object_key, c.project_id, c.size_bytes, null, false, null
      from upload_chunks c where c.object_key > $1 order by c.object_key limit $2)
    union all
    (select 'uploads/' || i.id, i.project_id, null, null, false, i.declared_type
      from images i where i.status = 'pending_upload' and ('uploads/' || i.id) > $1 order by ('uploads/' || i.id) limit $2)
  ) as lists
  group by key order by key limit $2`

/** Objects that rows refer to, after a key, in byte order. */
export async function listReferencedObjects(
  client: pg.ClientBase,
  after: string,
  limit: number,
): Promise<readonly ObjectReference[]> {
  const { rows } = await client.query<ObjectRow>(PAGE, [after, limit])
  return rows.map(row => ({
    ...{ key: row.key, projectId: row.project_id, sizeBytes: row.size_bytes, sha256: row.sha256 },
    ...{ contentType: row.content_type, required: row.required },
  }))
}
