import { Readable } from 'node:stream'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { migrate, readMigrations } from '../migrate.ts'
import { openDatabase } from '../open-database.ts'
import { copyBetween, dump, queueOf } from '../testing/copy-between.ts'
import { fillDatabase } from '../testing/fill-database.ts'
import { createTestDatabase, openTestDatabase, type TestDatabase } from '../testing/test-database.ts'
import { createPostgresDatabaseCopy } from './postgres-database-copy.ts'

type Opened = Awaited<ReturnType<typeof openTestDatabase>>

let source: Opened
let projectId: string
let target: TestDatabase

// One source for all: it is only read.
beforeAll(async () => {
  source = await openTestDatabase({ poolMax: 2 })
  projectId = (await fillDatabase(source.database, source.test.query)).projectId
  await source.test.query('create table hosts_own (id int primary key); insert into hosts_own values (1)')
})
afterAll(() => source.close())
beforeEach(async () => {
  target = await createTestDatabase()
})
afterEach(() => target.drop())

const text = async (rows: Readable): Promise<string> => Buffer.concat(await rows.toArray()).toString('utf8')

describe('a copy from PostgreSQL to PostgreSQL', () => {
  it('brings every row and job of ours to a database that the program works with, and the counters go on', async () => {
    const moved = await copyBetween(source.test, target)
    expect(moved).toMatchObject({ differentTables: [], differentObjects: 0 })
    const before = await dump(source.test)
    expect(await dump(target)).toEqual(before)
    expect(await target.query(`select 1 from pg_class where relname = 'hosts_own'`)).toEqual([])
    expect(moved.rows).toBe(Object.values(before).flat().length + 4)
    expect(await queueOf(target)).toEqual(await queueOf(source.test))
    const [counter] = await source.test.query<{ id: number }>('select max(id)::int as id from events')
    const [next] = await target.query<{ id: number }>(
      `insert into events (project_id, type, payload) values ($1, 'image.status', '{}') returning id::int`,
      [projectId],
    )
    expect(next?.id).toBe((counter?.id ?? 0) + 1)
    const { database, close } = await openDatabase({
      ...{ connection: target.connection, poolMax: 2, poolIdleSeconds: 10, onError: () => {} },
    })
    expect(await database.installation.findFirstOrganization()).toEqual(
      await source.database.installation.findFirstOrganization(),
    )
    expect(await database.jobs.find('runs')).toMatchObject({ state: 'waiting', attempt: 2 })
    expect(await database.jobs.find('given up')).toMatchObject({ state: 'given_up' })
    await close()
  })

  it('takes a schema of any age, and brings it to this one', async () => {
    const old = await createTestDatabase()
    const oldest = (await readMigrations()).slice(0, 2)
    await old.query(`create table calotype_migrations (version integer primary key, name text not null,
      compatible_from integer not null, applied_at timestamptz not null default now())`)
    for (const { version, name, compatibleFrom, sql } of oldest) {
      await old.query(sql)
      await old.query('insert into calotype_migrations (version, name, compatible_from) values ($1, $2, $3)', [
        ...[version, name, compatibleFrom],
      ])
    }
    await old.query('create schema graphile_worker')
    await old.query(`create table graphile_worker._private_tasks (id int, identifier text)`)
    await old.query(`create table graphile_worker._private_jobs (id int, task_id int, payload json, run_at timestamptz,
      priority smallint, attempts smallint, max_attempts smallint, key text, created_at timestamptz, locked_at timestamptz)`)
    await old.query(`insert into organizations (id, name) values ('o1', 'old')`)
    const reader = createPostgresDatabaseCopy(old.connection)
    const loader = createPostgresDatabaseCopy(target.connection)
    await reader.read(moment =>
      loader.load(moment.schema, async loading => {
        for (const table of moment.tables) await loading.loadTable(table, await moment.readTable(table))
      }),
    )
    // What the third migration wrote into the rows that were there.
    expect(await target.query('select id, installed from organizations')).toEqual([{ id: 'o1', installed: true }])
    await migrate(target.connection)
    await old.drop()
  })
})

describe('a load', () => {
  it('leaves nothing when it fails in the middle, and can be done again', async () => {
    const reader = createPostgresDatabaseCopy(source.test.connection)
    const loader = createPostgresDatabaseCopy(target.connection)
    const half = reader.read(moment =>
      loader.load(moment.schema, async loading => {
        for (const table of moment.tables.slice(0, 6)) await loading.loadTable(table, await moment.readTable(table))
        throw new Error('killed')
      }),
    )
    await expect(half).rejects.toThrow('killed')
    expect(await loader.findContents()).toBeNull()
    expect(await copyBetween(source.test, target)).toMatchObject({ differentTables: [] })
  })

  it('refuses rows that break in the middle of a table, and waiting jobs', async () => {
    const loader = createPostgresDatabaseCopy(target.connection)
    const broken = loader.load([1], loading =>
      loading.loadTable('organizations', Readable.from([Buffer.from('2026-01-01\to1')])),
    )
    await expect(broken).rejects.toThrow()
    expect(await loader.findContents()).toBeNull()
    await migrate(target.connection)
    await target.query(`select graphile_worker.add_job('care.sweep', '{}')`)
    expect(await loader.findContents()).toBe('waiting jobs')
    await expect(copyBetween(source.test, target)).rejects.toMatchObject({ code: 'installation_not_empty' })
  })
})

describe('a moment', () => {
  it('stays as it is while others write, and reads every table that there is', async () => {
    const reader = createPostgresDatabaseCopy(source.test.connection)
    await reader.read(async moment => {
      await source.test.query(`insert into users (id, name, email) values ('late', 'Late', 'late@example.org')`)
      expect(await text(await moment.readTable('users'))).not.toContain('late')
      const keys: string[] = []
      for (let page = await moment.listObjects('', 2); page.length > 0; ) {
        keys.push(...page.map(({ key }) => key))
        page = await moment.listObjects(keys.at(-1) ?? '', 2)
      }
      expect(keys).toEqual([...new Set(keys)].sort())
      expect(keys).toEqual((await moment.listObjects('', 1_000)).map(({ key }) => key))
      for (const kind of ['private/', 'resumable/', 'uploads/'])
        expect(keys.filter(key => key.startsWith(kind)).length, kind).toBeGreaterThan(0)
      const there = Object.keys(await dump(source.test))
      expect([...moment.tables].sort()).toEqual([...there, 'queued_jobs'].sort())
    })
  })

  it('is none where nothing is installed', async () => {
    const reader = createPostgresDatabaseCopy(target.connection)
    await expect(reader.read(async () => {})).rejects.toMatchObject({ code: 'nothing_to_copy' })
  })
})
