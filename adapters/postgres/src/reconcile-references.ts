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

/** The three lists of rows that refer to objects. The status is looked up for each variant, because a join could lose the order. */
const lists = (where: (key: RawBuilder<string>) => RawBuilder<boolean>): ReadonlyArray<RawBuilder<ReferenceRow>> => [
  sql`select o.object_key as key, o.project_id, null::text as image_id, 'original'::text as role, o.size_bytes, o.created_at, o.state
    from originals o where ${where(sql`o.object_key`)}`,
  sql`select 'uploads/' || i.id as key, i.project_id, i.id as image_id, 'upload'::text as role, null::bigint as size_bytes,
      i.created_at, i.status as state
    from images i where i.status = 'pending_upload' and ${where(sql`('uploads/' || i.id)`)}`,
  sql`select v.object_key as key, v.project_id, v.image_id, 'variant'::text as role, v.size_bytes, v.created_at,
      (select i.status from images i where i.project_id = v.project_id and i.id = v.image_id) as state
    from image_variants v where ${where(sql`v.object_key`)}`,
]

const within =
  ({ after, before }: KeyRange) =>
  (key: RawBuilder<string>) =>
    sql<boolean>`${key} > ${after} and ${key} < ${before}`

/**
 * A page of every row that refers to an object, in byte order. Each list comes in the order of an index and no longer than the page, so
 * that PostgreSQL merges them without a sort.
 */
export function referencePage(range: KeyRange, limit: number): RawBuilder<ReferenceRow> {
  const pages = lists(within(range)).map(list => sql`(${list} order by key limit ${limit})`)
  return sql<ReferenceRow>`select * from (${sql.join(pages, sql` union all `)}) as r order by key limit ${limit}`
}

export const createReferenceReads = (
  db: Kysely<Tables>,
): Pick<ReconcileStore, 'listReferences' | 'findReferences' | 'countReferences'> => ({
  async listReferences(range, limit) {
    return (await referencePage(range, limit).execute(db)).rows.map(toReference)
  },

  async findReferences(keys) {
    if (keys.length === 0) return []
    const wanted = lists(key => sql<boolean>`${key} = any(${[...keys]}::text[] collate "C")`)
    return (await sql<ReferenceRow>`${sql.join([...wanted], sql` union all `)}`.execute(db)).rows.map(toReference)
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
