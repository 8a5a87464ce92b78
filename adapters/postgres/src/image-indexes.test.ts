import type { Database, ImageQuery, Project } from '@calotype/core'
import { randomSha256, seedImage, seedProject } from '@calotype/core/testing'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestDatabase } from './testing/test-database.ts'

const IMAGES = 20_000
const ALL: Omit<ImageQuery, 'projectId'> = {
  status: null,
  contentType: null,
  camera: null,
  reference: null,
  attributes: {},
  from: null,
  to: null,
  search: null,
  before: null,
  limit: 50,
}

/** One large project: most images ready, half of all deleted, each with an original, a variant and a history line. */
const FILL = `
  with o as (
    insert into originals (project_id, object_key, size_bytes)
    select $1, 'uploads/' || id, 1 from (select lpad(n::text, 26, '0') as id from generate_series(1, $2::int) n) x
  ), i as (
    insert into images (project_id, id, status, origin, file_name, original_key, uploaded_by_kind, uploaded_by_id,
      analysis_status, analysis_types, priority, created_at, updated_at, deleted_at, reference)
    select $1, lpad(n::text, 26, '0'), case when n % 2 = 0 then 'deleted' else 'ready' end, 'upload', n || '.jpg',
      'uploads/' || lpad(n::text, 26, '0'), 'user', 'u', 'none', '{}', 'normal', now(), now() - interval '1 day',
      case when n % 2 = 0 then now() - interval '1 day' end, 'album-' || n % 500
    from generate_series(1, $2::int) n
    returning project_id, id, status, created_at
  ), h as (
    insert into image_history (project_id, image_id, status, at) select project_id, id, status, created_at from i
  )
  insert into image_variants (project_id, image_id, name, format, position, recipe_id, content_type, width, height,
    size_bytes, object_key, encoding)
  select project_id, id, 'full', 'jpeg', 0, 'r', 'image/jpeg', 1, 1, 1, 'private/' || project_id || '/' || id || '/r/full.jpg', '{}'
  from i`

describe('the indexes of images', () => {
  let opened: Awaited<ReturnType<typeof openTestDatabase>>
  let project: Project
  const middle = String(IMAGES / 2 + 1).padStart(26, '0')

  beforeAll(async () => {
    opened = await openTestDatabase({ poolMax: 1 })
    project = await seedProject(opened.database)
    await opened.test.query(FILL, [project.id, IMAGES])
    await opened.test.query('analyze')
    for (const status of ['uploaded', 'processing'] as const)
      await seedImage(opened.database, project, { status, at: new Date('2020-01-01') })
  })
  afterAll(() => opened.close())

  async function rowsReadInFull(): Promise<number> {
    await sql`select pg_stat_force_next_flush()`.execute(opened.handle.kysely)
    const [row] = await opened.test.query<{ read: number }>(
      `select sum(seq_tup_read)::int as read from pg_stat_user_tables
       where relname in ('images', 'image_history', 'image_variants', 'originals')`,
    )
    return row?.read ?? Number.NaN
  }

  const list = (database: Database, query: Partial<ImageQuery>) =>
    database.images.list({ ...ALL, projectId: project.id, ...query })
  const queries: [string, (database: Database) => Promise<unknown>][] = [
    ['an image for a caller', db => db.images.find(project.organizationId, middle)],
    ['many images for a caller', db => db.images.findMany(project.organizationId, [middle, '1'.padStart(26, '0')])],
    ['an image for a job', db => db.images.load(project.id, middle)],
    ['the newest images', db => list(db, {})],
    ['a later page', db => list(db, { before: middle })],
    ['images of a status', db => list(db, { status: 'failed' })],
    ['deleted images', db => list(db, { status: 'deleted', before: middle })],
    ['images of a reference', db => list(db, { reference: 'album-7' })],
    ['images by original', db => db.images.findByOriginal(project.id, `uploads/${middle}`)],
    ['an original by its bytes', db => db.originals.lockBySha256(project.id, randomSha256())],
    ['stale uploads', db => db.images.findStaleUploads(new Date(), 100)],
    ['stranded images', db => db.images.findStranded(new Date(), 100)],
    ['where uploads belong', db => db.images.locate([middle, '1'.padStart(26, '0')])],
    ['images deleted lately', db => db.images.findDeletedSince(new Date(Date.now() - 60_000))],
    ['tombstones whose time has come', db => db.images.findDueTombstones(new Date(), 100)],
    ['records of purged images', db => db.images.forgetPurged(new Date(), 100)],
    [
      'images that look alike',
      db =>
        db.images.findSimilar({
          ...{ projectId: project.id, perceptualHash: '00000000000000ff', distance: 8, scan: 100_000, limit: 50 },
        }),
    ],
    [
      'which keys belong to something',
      db =>
        db.images.findReferencedKeys(
          Array.from({ length: 100 }, (_, n) => {
            const id = String(n + 1).padStart(26, '0')
            return n % 2 ? `uploads/${id}` : `private/${project.id}/${id}/r/full.jpg`
          }),
        ),
    ],
  ]

  it.each(queries)('finds %s without reading a whole table', async (_name, query) => {
    const before = await rowsReadInFull()
    await query(opened.database)
    expect(await rowsReadInFull()).toBe(before)
  })
})
