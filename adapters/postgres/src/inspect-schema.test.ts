import { expect, it } from 'vitest'
import { inspectSchema } from './inspect-schema.ts'
import { migrate } from './migrate.ts'
import { openDatabase } from './open-database.ts'
import { announceProbe, listenForProbes } from './probe-announcements.ts'
import { createTestDatabase } from './testing/test-database.ts'

it('tells what a database lacks, and changes nothing', async () => {
  const { connection, query } = await createTestDatabase()
  const empty = await inspectSchema(connection)
  expect(empty).toMatchObject({ tooNew: false, workers: 0, version: expect.stringMatching(/^\d+\.\d+/) })
  expect(empty.pending[0]).toBe('0001-images.sql')
  expect(await query(`select 1 from pg_tables where schemaname = 'public'`)).toEqual([])

  await migrate(connection)
  expect(await inspectSchema(connection)).toMatchObject({ pending: [], tooNew: false, workers: 0 })
  await query(
    `insert into worker_heartbeats (worker_id, seen_at) values ('alive', now()), ('dead', now() - interval '1 hour')`,
  )
  await query('delete from calotype_migrations where version = 2')
  await query(`insert into calotype_migrations (version, name, compatible_from) values (9999, 'later', 9999)`)
  const changed = await inspectSchema(connection)
  expect(changed).toMatchObject({ tooNew: true, workers: 1 })
  expect(changed.pending).toHaveLength(1)
})

it('names a database that is away', async () => {
  const nowhere = { host: '/nonexistent', port: 5432, user: 'calotype', database: 'calotype' }
  await expect(inspectSchema(nowhere)).rejects.toMatchObject({ code: 'database_unavailable' })
})

it('brings the announcement of a probe to whoever listens', async () => {
  const { connection } = await createTestDatabase()
  const { handle, close } = await openDatabase({ connection, poolMax: 2, poolIdleSeconds: 1, onError: () => {} })
  const heard: string[] = []
  const listener = await listenForProbes(connection, id => heard.push(id))
  await announceProbe(handle, 'one')
  await announceProbe(handle, 'two')
  await expect.poll(() => heard, { timeout: 30_000 }).toEqual(['one', 'two'])
  await listener.close()
  await close()
})
