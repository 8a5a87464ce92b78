import type { UploadLocator } from '@calotype/core'
import type { Kysely } from 'kysely'
import type { Tables } from './tables.ts'

/** Images by id alone, for storage's events. */
export const createImageLocator = (db: Kysely<Tables>): UploadLocator => ({
  locate: async imageIds =>
    db
      .selectFrom('images')
      .select(['project_id as projectId', 'id as imageId', 'status'])
      .where(eb => eb('id', '=', eb.fn.any(eb.val([...imageIds]))))
      .execute(),
})
