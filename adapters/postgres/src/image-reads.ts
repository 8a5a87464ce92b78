import type { Image, ImageAddress, ImageQuery, ImageStore, ImageVersion } from '@calotype/core'
import { CompiledQuery, type Kysely, sql } from 'kysely'
import { toJson } from './clean.ts'
import { imageParts, toImage } from './image-rows.ts'
import type { Tables } from './tables.ts'

/** How images are found. */
export const createImageReads = (
  db: Kysely<Tables>,
): Pick<ImageStore, 'find' | 'findVersions' | 'findMany' | 'load' | 'list' | 'findByOriginal' | 'findByOriginals'> => ({
  async find(organizationId, imageId) {
    const row = await ofOrganization(db, organizationId).where('images.id', '=', imageId).executeTakeFirst()
    return row ? toImage(row) : null
  },

  findVersions: keys => findVersions(db, keys),

  async findMany(organizationId, imageIds) {
    if (imageIds.length === 0) return []
    const rows = await ofOrganization(db, organizationId)
      .where(eb => eb('images.id', '=', eb.fn.any(eb.val([...imageIds]))))
      .execute()
    return rows.map(toImage)
  },

  async load(projectId, imageId, options) {
    const row = await allImages(db)
      .where('images.project_id', '=', projectId)
      .where('images.id', '=', imageId)
      .$if(options?.lock === true, query => query.forUpdate('images'))
      .executeTakeFirst()
    return row ? toImage(row) : null
  },

  list: query => list(db, query),

  async findByOriginal(projectId, originalKey) {
    const rows = await allImages(db)
      .where('images.project_id', '=', projectId)
      .where('images.original_key', '=', originalKey)
      .where(isReferring)
      .orderBy('images.id', 'desc')
      .execute()
    return rows.map(toImage)
  },

  async findByOriginals(projectId, originalKeys) {
    if (originalKeys.length === 0) return []
    const rows = await allImages(db)
      .where('images.project_id', '=', projectId)
      .where(eb => eb('images.original_key', '=', eb.fn.any(eb.val([...originalKeys]))))
      .where(isReferring)
      .orderBy('images.id', 'desc')
      .execute()
    return rows.map(toImage)
  },
})

export const allImages = (db: Kysely<Tables>) => db.selectFrom('images').selectAll('images').select(imageParts)

/** Deleted images refer to their original as long as they can be restored. */
const isReferring = sql<boolean>`(images.status <> 'deleted'
  or (images.purge_state is null and images.former_status is not null))`

const ofOrganization = (db: Kysely<Tables>, organizationId: string) =>
  allImages(db)
    .innerJoin('projects', 'projects.id', 'images.project_id')
    .where('projects.organization_id', '=', organizationId)
    .where('projects.deleted_at', 'is', null)
    .where('images.purge_state', 'is', null)

interface VersionRow {
  id: string
  project_id: string
  organization_id: string
  version: string
}

/**
 * `xmin` is the transaction that wrote the row last: it changes with every change, at no cost to the writers. With the time beside it a
 * database that was restored, where numbers of transactions come again, has other versions than the one before.
 */
const VERSIONS = `
  select images.id, images.project_id, projects.organization_id,
         images.xmin::text || '.' || extract(epoch from images.updated_at)::text as version
  from images join projects on projects.id = images.project_id
  where images.id = any($1) and projects.deleted_at is null and images.purge_state is null`

/** As text that is ready: it is asked for every answer, and building it would cost more than the database takes. */
async function findVersions(
  db: Kysely<Tables>,
  keys: readonly ImageAddress[],
): Promise<ReadonlyArray<ImageVersion | null>> {
  const { rows } = await db.executeQuery<VersionRow>(CompiledQuery.raw(VERSIONS, [keys.map(key => key.imageId)]))
  const byId = new Map(rows.map(row => [row.id, row]))
  return keys.map(({ organizationId, imageId }) => {
    const row = byId.get(imageId)
    if (row?.organization_id !== organizationId) return null
    return { imageId, projectId: row.project_id, version: row.version }
  })
}

async function list(db: Kysely<Tables>, query: ImageQuery): Promise<readonly Image[]> {
  const { status, contentType, camera, reference, from, to, search, before } = query
  let rows = allImages(db).where('images.project_id', '=', query.projectId)
  // Only what is deleted can be purged: said here alone, it spares the other lists a condition that no index has.
  if (status === 'deleted') rows = rows.where('images.purge_state', 'is', null)
  rows = status === null ? rows.where('images.status', '<>', 'deleted') : rows.where('images.status', '=', status)
  if (contentType !== null) rows = rows.where('images.content_type', '=', contentType)
  if (reference !== null) rows = rows.where('images.reference', '=', reference)
  for (const [key, values] of Object.entries(query.attributes)) {
    // Containment, because an index answers it.
    const holds = values.map(value => sql<boolean>`images.attributes @> ${toJson({ [key]: value })}::jsonb`)
    rows = rows.where(eb => eb.or(holds))
  }
  if (from !== null) rows = rows.where('images.created_at', '>=', from)
  if (to !== null) rows = rows.where('images.created_at', '<', to)
  if (search !== null) rows = rows.where('images.file_name', 'ilike', containing(search))
  if (camera !== null) {
    rows = rows.where(eb =>
      eb.or([
        eb(eb.ref('images.metadata', '->>').key('camera_make'), 'ilike', containing(camera)),
        eb(eb.ref('images.metadata', '->>').key('camera_model'), 'ilike', containing(camera)),
      ]),
    )
  }
  if (before !== null) rows = rows.where('images.id', '<', before)
  const found = await rows.orderBy('images.id', 'desc').limit(query.limit).execute()
  return found.map(toImage)
}

/** A pattern for text that contains this, every character of it meaning itself. */
const containing = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`
