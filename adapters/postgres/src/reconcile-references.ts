import type { KeyRange, ReconcileStore, Reference } from '@calotype/core'
import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Tables } from './tables.ts'

interface ReferenceRow {
  key: string
  project_id: string
  image_id: string | null
  role: Reference['role']
  size_bytes: number | null
  created_at: Date
  state: Reference['state']
}

/**
 * Three lists, each in the byte order of an index, so that PostgreSQL merges them without a sort and reads no more than a page. The status
 * is looked up for each variant, because a join could lose the order.
 */
const references = (where: (key: RawBuilder<string>) => RawBuilder<boolean>) => sql<ReferenceRow>`
  select o.object_key as key, o.project_id, null::text as image_id, 'original' as role, o.size_bytes, o.created_at, o.state
    from originals o where ${where(sql`o.object_key`)}
  union all
  select 'uploads/' || i.id, i.project_id, i.id, 'upload', null, i.created_at, i.status
    from images i where i.status = 'pending_upload' and ${where(sql`('uploads/' || i.id)`)}
  union all
  select v.object_key, v.project_id, v.image_id, 'variant', v.size_bytes, v.created_at,
    (select i.status from images i where i.project_id = v.project_id and i.id = v.image_id)
    from image_variants v where ${where(sql`v.object_key`)}`

const within =
  ({ after, before }: KeyRange) =>
  (key: RawBuilder<string>) =>
    sql<boolean>`${key} > ${after} and ${key} < ${before}`

/** A page of every row that refers to an object, in byte order. */
export const referencePage = (range: KeyRange, limit: number): RawBuilder<ReferenceRow> =>
  sql<ReferenceRow>`select * from (${references(within(range))}) as r order by key limit ${limit}`

export const createReferenceReads = (
  db: Kysely<Tables>,
): Pick<ReconcileStore, 'listReferences' | 'findReferences' | 'countReferences'> => ({
  async listReferences(range, limit) {
    return (await referencePage(range, limit).execute(db)).rows.map(toReference)
  },

  async findReferences(keys) {
    if (keys.length === 0) return []
    const wanted = references(key => sql<boolean>`${key} = any(${[...keys]}::text[] collate "C")`)
    return (await wanted.execute(db)).rows.map(toReference)
  },

  async countReferences(ranges) {
    let sum = 0
    for (const range of ranges) {
      const isIn = within(range)
      const { rows } = await sql<{ count: number }>`select
        (select count(*) from originals o where ${isIn(sql`o.object_key`)})
        + (select count(*) from images i where i.status = 'pending_upload' and ${isIn(sql`('uploads/' || i.id)`)})
        + (select count(*) from image_variants v where ${isIn(sql`v.object_key`)}) as count`.execute(db)
      sum += Number(rows[0]?.count ?? 0)
    }
    return sum
  },
})

const toReference = (row: ReferenceRow): Reference => ({
  key: row.key,
  projectId: row.project_id,
  imageId: row.image_id,
  role: row.role,
  sizeBytes: row.size_bytes,
  createdAt: row.created_at,
  state: row.state,
})
