import type { OpenDatabase } from '@calotype/postgres'
import { sql } from 'kysely'

/** Images by number: a third of the objects are originals, the rest two variants of each. */
export interface Plan {
  projectId: string
  images: number
  /** Of every kind. */
  differences: number
}

export const OBJECTS_PER_IMAGE = 3
export const OBJECT_BYTES = 1_000
const FORMATS = ['avif', 'webp']

export const imageId = (at: number): string => String(at).padStart(26, '0')
export const originalOf = (at: number): string => `uploads/${imageId(at)}`
export const variantOf = ({ projectId }: Plan, at: number, format = 'avif'): string =>
  `private/${projectId}/${imageId(at)}/r/full.${format}`

/** Which difference an image has: they are spread evenly, each image has one at most. */
export type Difference = 'stray' | 'no_original' | 'no_variant' | 'wrong_size'
const KINDS: readonly Difference[] = ['stray', 'no_original', 'no_variant', 'wrong_size']

export function differenceOf({ images, differences }: Plan, at: number): Difference | null {
  const every = Math.floor(images / differences)
  const group = Math.floor(at / every)
  return group < differences ? (KINDS[at - group * every] ?? null) : null
}

/** So many images a statement, because the product lets none take longer than its timeout. */
const CHUNK = 20_000

/** Rows for everything, by PostgreSQL itself. */
export async function fillDatabase(opened: OpenDatabase, { projectId, images }: Plan): Promise<void> {
  for (let first = 0; first < images; first += CHUNK)
    await fillSome(opened, projectId, first, Math.min(first + CHUNK, images) - 1)
  await sql`analyze originals, images, image_variants`.execute(opened.handle.kysely)
}

async function fillSome({ handle }: OpenDatabase, projectId: string, first: number, last: number): Promise<void> {
  const id = sql`lpad(n::text, 26, '0')`
  const series = sql`generate_series(${first}::int, ${last}::int) n`
  await sql`insert into originals (project_id, object_key, size_bytes, created_at)
    select ${projectId}, 'uploads/' || ${id}, ${OBJECT_BYTES}, now() - interval '3 days' from ${series}`.execute(
    handle.kysely,
  )
  await sql`insert into images (project_id, id, status, origin, file_name, original_key, uploaded_by_kind, uploaded_by_id,
      analysis_status, analysis_types, priority, created_at, updated_at)
    select ${projectId}, ${id}, 'ready', 'upload', n || '.jpg', 'uploads/' || ${id}, 'user', 'u', 'none', '{}', 'normal',
      now() - interval '3 days', now() - interval '3 days' from ${series}`.execute(handle.kysely)
  await sql`insert into image_variants (project_id, image_id, name, format, position, recipe_id, content_type, width, height,
      size_bytes, object_key, encoding, created_at)
    select ${projectId}, ${id}, 'full', f, 0, 'r', 'image/' || f, 1, 1, ${OBJECT_BYTES},
      'private/' || ${projectId}::text || '/' || ${id} || '/r/full.' || f, '{}', now() - interval '3 days'
    from ${series}, unnest(${FORMATS}::text[]) f`.execute(handle.kysely)
}
