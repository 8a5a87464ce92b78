import { expect, it } from 'vitest'
import { openTestDatabase } from './testing/test-database.ts'

/** What the jobs remove before they remove the row that is referred to. */
const REMOVED_BY_JOBS = [
  'projects.organization_id',
  ...['images', 'originals', 'events'].map(table => `${table}.project_id`),
]

it('lets nothing stand in the way of an organisation or project that is removed', async () => {
  const { test, close } = await openTestDatabase()
  const rows = await test.query<{ place: string; rule: string }>(`
    select conrelid::regclass || '.' || (
        select attname from pg_attribute where attrelid = conrelid and attnum = conkey[1]
      ) as place, confdeltype as rule
    from pg_constraint
    where contype = 'f' and confrelid in ('organizations'::regclass, 'projects'::regclass)`)
  await close()
  expect(rows.length).toBeGreaterThan(8)
  // a: no action, r: restrict; c and n let go.
  const holding = rows.filter(({ rule }) => rule === 'a' || rule === 'r').map(({ place }) => place)
  expect(holding.sort()).toEqual(REMOVED_BY_JOBS.sort())
})
