import type { AnalysisStore } from '@calotype/core'
import { type Kysely, sql } from 'kysely'
import { toJson } from './clean.ts'
import { allImages } from './image-reads.ts'
import { toImage } from './image-rows.ts'
import type { Tables } from './tables.ts'

/** The analysis of images, and its lines in their history. Two statements: only inside a transaction. */
export const createImageAnalysis = (db: Kysely<Tables>): AnalysisStore => ({
  async moveAnalysis({ projectId, imageId, from, to, detail }) {
    const result = to.result === null || to.result === undefined ? null : toJson(to.result)
    const { rows } = await sql`
      with moved as (
        update images set analysis_status = ${to.status}, analysis_types = ${[...to.types]}::text[],
          analysis_result = ${result}::jsonb, analysis_updated_at = ${to.updatedAt}::timestamptz,
          updated_at = coalesce(${to.updatedAt}::timestamptz, now())
        where project_id = ${projectId} and id = ${imageId} and analysis_status = ${from} and status <> 'deleted'
        returning project_id, id, status, updated_at)
      insert into image_history (project_id, image_id, status, at, detail)
      select project_id, id, status, updated_at, ${detail}::text from moved returning 1`.execute(db)
    if (rows.length === 0) return null
    const row = await allImages(db)
      .where('images.project_id', '=', projectId)
      .where('images.id', '=', imageId)
      .executeTakeFirst()
    return row ? toImage(row) : null
  },
})
