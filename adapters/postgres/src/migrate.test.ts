import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { migrate, readMigrations } from './migrate.ts'
import { createTestDatabase, type TestDatabase } from './testing/test-database.ts'

describe('migrate', () => {
  let test: TestDatabase
  beforeEach(async () => {
    test = await createTestDatabase()
  })
  afterEach(() => test.drop())

  const versions = () => test.query('select version from calotype_migrations order by version')

  it('lets several programs start at once on an empty database', async () => {
    await Promise.all([1, 2, 3, 4].map(() => migrate(test.connection)))
    const known = (await readMigrations()).map(({ version }) => ({ version }))
    expect(await versions()).toEqual(known)
    expect(await test.query('select count(*)::int as n from graphile_worker.jobs')).toEqual([{ n: 0 }])
  })

  it('changes nothing the second time', async () => {
    await migrate(test.connection)
    const before = await test.query('select * from calotype_migrations')
    await migrate(test.connection)
    expect(await test.query('select * from calotype_migrations')).toEqual(before)
  })

  it('works with a newer database that says it may', async () => {
    await migrate(test.connection)
    await test.query(`insert into calotype_migrations (version, name, compatible_from) values (900, 'later', 1)`)
    await migrate(test.connection)
  })

  it('refuses a newer database that says it may not, and leaves it alone', async () => {
    await migrate(test.connection)
    await test.query(`insert into calotype_migrations (version, name, compatible_from) values (900, 'later', 900)`)
    await expect(migrate(test.connection)).rejects.toMatchObject({
      code: 'database_too_new',
      message: expect.stringContaining('900'),
    })
    expect(await versions()).toHaveLength((await readMigrations()).length + 1)
  })

  it('numbers every migration once, without a gap', async () => {
    const numbers = (await readMigrations()).map(migration => migration.version)
    expect(numbers).toEqual(numbers.map((_, index) => index + 1))
  })
})
