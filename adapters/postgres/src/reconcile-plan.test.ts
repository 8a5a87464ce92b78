import type { Project } from '@calotype/core'
import { seedProject } from '@calotype/core/testing'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { referencePage } from './reconcile-references.ts'
import { openTestDatabase } from './testing/test-database.ts'

const IMAGES = 20_000
const PAGE = 500

/** Every second one awaits its bytes, the others are ready with an original and two variants. */
const FILL = [
  `insert into originals (project_id, object_key, size_bytes)
    select $1, 'uploads/' || lpad(n::text, 26, '0'), 1 from generate_series(1, $2::int, 2) n`,
  `insert into images (project_id, id, status, origin, file_name, uploaded_by_kind, uploaded_by_id, analysis_status,
      analysis_types, priority, created_at, updated_at)
    select $1, lpad(n::text, 26, '0'), case n % 2 when 0 then 'pending_upload' else 'ready' end, 'upload', 'x.jpg', 'user', 'u',
      'none', '{}', 'normal', now(), now() from generate_series(1, $2::int) n`,
  `insert into image_variants (project_id, image_id, name, format, position, recipe_id, content_type, width, height,
      size_bytes, object_key, encoding)
    select $1, lpad(n::text, 26, '0'), 'full', f, 0, 'r', 'image/x', 1, 1, 1,
      'private/' || $1 || '/' || lpad(n::text, 26, '0') || '/r/full.' || f, '{}'
    from generate_series(1, $2::int, 2) n, unnest(array['avif', 'webp']) f`,
]

let opened: Awaited<ReturnType<typeof openTestDatabase>>
let project: Project
beforeAll(async () => {
  opened = await openTestDatabase()
  project = await seedProject(opened.database)
  for (const statement of FILL) await opened.test.query(statement, [project.id, IMAGES])
  await opened.test.query('analyze')
})
afterAll(() => opened.close())

const plan = async (range: { after: string; before: string }): Promise<string> => {
  const { rows } = await sql<{
    'QUERY PLAN': string
  }>`explain (analyze, costs off, timing off, summary off, buffers off)
    ${referencePage(range, PAGE)}`.execute(opened.handle.kysely)
  return rows.map(row => row['QUERY PLAN']).join('\n')
}

it('reads a page of references from indexes alone, without a sort', async () => {
  const middle = String(IMAGES / 2).padStart(26, '0')
  for (const range of [
    { after: 'uploads/', before: 'uploads0' },
    { after: `uploads/${middle}`, before: 'uploads0' },
    { after: `private/${project.id}/${middle}`, before: `private/${project.id}0` },
    { after: 'private/', before: 'private0' },
  ]) {
    const text = await plan(range)
    expect(text).toContain('Merge Append')
    expect(text).not.toMatch(/Seq Scan|Bitmap|-> {2}(Incremental )?Sort/)
    // What an index gave and nobody needed is counted here, too.
    for (const [, read] of text.matchAll(/actual rows=(\d+)/g)) expect(Number(read)).toBeLessThanOrEqual(PAGE + 3)
  }
})
