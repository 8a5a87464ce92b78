import type { UploadChunkStore } from '@calotype/core'
import { type Kysely, sql } from 'kysely'
import type { Tables } from './tables.ts'

export const createPostgresUploadChunkStore = (db: Kysely<Tables>): UploadChunkStore => ({
  async findProgress(projectId, imageId) {
    const { rows } = await sql<{ size_bytes: number; chunks: number }>`
      select coalesce(sum(size_bytes), 0)::bigint as size_bytes, count(*)::int as chunks
      from upload_chunks where project_id = ${projectId} and image_id = ${imageId}`.execute(db)
    const [row] = rows
    return { sizeBytes: row?.size_bytes ?? 0, chunks: row?.chunks ?? 0 }
  },

  async findChunks(projectId, imageId) {
    const rows = await db
      .selectFrom('upload_chunks')
      .selectAll()
      .where('project_id', '=', projectId)
      .where('image_id', '=', imageId)
      .orderBy('start_at')
      .execute()
    return rows.map(row => ({
      ...{ projectId, imageId, start: row.start_at, sizeBytes: row.size_bytes, objectKey: row.object_key },
    }))
  },

  async append({ projectId, imageId, start, sizeBytes, objectKey }) {
    // Two at the same moment both find the same end: the primary key lets one of them in.
    const { numAffectedRows } = await sql`
      insert into upload_chunks (project_id, image_id, start_at, size_bytes, object_key)
      select ${projectId}, ${imageId}, ${start}::bigint, ${sizeBytes}::bigint, ${objectKey}
      where ${start}::bigint = (select coalesce(max(start_at + size_bytes), 0)
        from upload_chunks where project_id = ${projectId} and image_id = ${imageId})
      on conflict (project_id, image_id, start_at) do nothing`.execute(db)
    return numAffectedRows === 1n
  },

  async clear(projectId, imageId) {
    const rows = await db
      .deleteFrom('upload_chunks')
      .where('project_id', '=', projectId)
      .where('image_id', '=', imageId)
      .returning('object_key')
      .execute()
    return rows.map(row => row.object_key)
  },
})
