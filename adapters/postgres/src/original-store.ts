import type { Original, OriginalStore } from '@calotype/core'
import { type Kysely, type Selectable, sql } from 'kysely'
import type { OriginalTable, Tables } from './tables.ts'

const toOriginal = (row: Selectable<OriginalTable>): Original => ({
  projectId: row.project_id,
  objectKey: row.object_key,
  sha256: row.sha256,
  sizeBytes: row.size_bytes,
  state: row.state,
})

export const createPostgresOriginalStore = (db: Kysely<Tables>): OriginalStore => ({
  async lockBySha256(projectId, sha256) {
    const row = await db
      .selectFrom('originals')
      .selectAll()
      .where('project_id', '=', projectId)
      .where('sha256', '=', sha256)
      .where('state', '=', 'live')
      .forUpdate()
      .executeTakeFirst()
    return row ? toOriginal(row) : null
  },

  async lockManyBySha256(projectId, sha256s) {
    if (sha256s.length === 0) return []
    const rows = await db
      .selectFrom('originals')
      .selectAll()
      .where('project_id', '=', projectId)
      .where(eb => eb('sha256', '=', eb.fn.any(eb.val([...sha256s]))))
      .where('state', '=', 'live')
      .orderBy('sha256')
      .forUpdate()
      .execute()
    return rows.map(toOriginal)
  },

  async lockByKey(projectId, objectKey) {
    const row = await db
      .selectFrom('originals')
      .selectAll()
      .where('project_id', '=', projectId)
      .where('object_key', '=', objectKey)
      .forUpdate()
      .executeTakeFirst()
    return row ? toOriginal(row) : null
  },

  async add(original) {
    const { projectId, objectKey, sha256, sizeBytes } = original
    const added = await db
      .insertInto('originals')
      .values({ project_id: projectId, object_key: objectKey, sha256, size_bytes: sizeBytes })
      .onConflict(conflict => conflict.doNothing())
      .returning('object_key')
      .executeTakeFirst()
    return added !== undefined || (await this.lockByKey(projectId, objectKey)) !== null
  },

  async setSha256(projectId, objectKey, sha256) {
    const { rows } = await sql<{ done: boolean }>`
      select set_original_sha256(${projectId}, ${objectKey}, ${sha256}) as done`.execute(db)
    return rows[0]?.done === true
  },

  async markPurging(projectId, objectKey) {
    await db
      .updateTable('originals')
      .set({ state: 'purging' })
      .where('project_id', '=', projectId)
      .where('object_key', '=', objectKey)
      .execute()
  },

  async findSome(projectId, limit) {
    const rows = await db.selectFrom('originals').selectAll().where('project_id', '=', projectId).limit(limit).execute()
    return rows.map(toOriginal)
  },

  async remove(projectId, objectKey) {
    await db.deleteFrom('originals').where('project_id', '=', projectId).where('object_key', '=', objectKey).execute()
  },
})
