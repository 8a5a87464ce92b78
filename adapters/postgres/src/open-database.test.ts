import { DomainError } from '@calotype/core'
import { seedImage, seedProject } from '@calotype/core/testing'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from './open-database.ts'
import { openTestDatabase } from './testing/test-database.ts'
import { until } from './testing/test-world.ts'

describe('openDatabase', () => {
  let opened: Awaited<ReturnType<typeof openTestDatabase>>
  beforeAll(async () => {
    opened = await openTestDatabase()
  })
  afterAll(() => opened.close())

  it('keeps all of a transaction or nothing', async () => {
    const { database } = opened
    const project = await seedProject(database)
    const failing = database.transaction(async tx => {
      await tx.usage.record([{ projectId: project.id, cause: 'c', purpose: 'original', puts: 1 }])
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(await opened.test.query('select 1 from usage_entries where project_id = $1', [project.id])).toEqual([])
  })

  it('refuses the outer stores inside a transaction at once, and takes them again afterwards', async () => {
    const { database } = opened
    await expect(database.transaction(() => database.check())).rejects.toThrow(/outer stores/)
    await expect(database.transaction(() => database.projects.load('x'))).rejects.toThrow(/outer stores/)
    await expect(database.transaction(() => database.transaction(async () => {}))).rejects.toThrow(/outer stores/)
    await database.check()
  })

  it('lets work that outlives its transaction use the pool', async () => {
    const { database } = opened
    let later: Promise<void> = Promise.resolve()
    await database.transaction(async () => {
      later = new Promise((resolve, reject) => setTimeout(() => database.check().then(resolve, reject), 50))
    })
    await later
  })

  it('refuses the stores of a transaction after its end', async () => {
    const { database } = opened
    const tx = await database.transaction(async stores => stores)
    await expect(tx.projects.load('x')).rejects.toThrow()
  })

  it('tries a transaction again that ended in a deadlock', async () => {
    const { database } = opened
    const [one, two] = await Promise.all([seedProject(database), seedProject(database)])
    const images = await Promise.all([seedImage(database, one), seedImage(database, two)])
    let tries = 0
    const lockBoth = (order: readonly number[]) =>
      database.transaction(async tx => {
        tries++
        for (const index of order) {
          const image = images[index]
          if (image) await tx.images.load(image.projectId, image.id, { lock: true })
          await new Promise(resolve => setTimeout(resolve, 100))
        }
      })
    await Promise.all([lockBoth([0, 1]), lockBoth([1, 0])])
    expect(tries).toBeGreaterThan(2)
  })

  it('says that the database is away', async () => {
    const connection = { host: '/nonexistent', port: 5432, user: 'x', database: 'x' }
    const opening = openDatabase({ connection, poolMax: 1, poolIdleSeconds: 1, onError: () => {} })
    await expect(opening).rejects.toBeInstanceOf(DomainError)
    await expect(opening).rejects.toMatchObject({ kind: 'network', code: 'database_unavailable' })
  })

  it('says that the database is away when it goes in the middle, and goes on when it is back', async () => {
    const killer = new pg.Client(opened.test.connection)
    await killer.connect()
    const lost = opened.database.transaction(async tx => {
      await killer.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where application_name = 'calotype stores' and datname = current_database()`,
      )
      await tx.projects.load('x')
    })
    await expect(lost).rejects.toMatchObject({ kind: 'network', code: 'database_unavailable' })
    await killer.end()
    await until(() =>
      opened.database.check().then(
        () => true,
        () => false,
      ),
    )
    await Promise.all(Array.from({ length: 20 }, () => opened.database.check()))
  })

  it('reads bigint as a number', async () => {
    const { rows } = await sql`select 9007199254740991::bigint as n`.execute(opened.handle.kysely)
    expect(rows).toEqual([{ n: Number.MAX_SAFE_INTEGER }])
  })
})
