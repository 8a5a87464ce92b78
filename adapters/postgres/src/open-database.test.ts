import { DomainError, newId } from '@calotype/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from './open-database.ts'
import { openTestDatabase } from './testing/test-database.ts'
import { addProject, newImage } from './testing/test-world.ts'

type Opened = Awaited<ReturnType<typeof openTestDatabase>>

describe('openDatabase', () => {
  let opened: Opened
  beforeAll(async () => {
    opened = await openTestDatabase()
  })
  afterAll(() => opened.close())

  it('answers', async () => {
    await opened.database.check()
  })

  it('keeps an image and reads it back with its history', async () => {
    const { database } = opened
    const { organizationId, projectId } = await addProject(database)
    const at = new Date('2026-05-01T12:00:00.123Z')
    const image = await database.images.insert(newImage(projectId), at)
    expect(image.history).toEqual([{ status: 'uploaded', at, detail: null }])
    expect(await database.images.find(organizationId, image.id)).toEqual(image)
    expect(await database.images.find(newId(), image.id)).toBeNull()
    const moved = await database.images.move({
      projectId,
      imageId: image.id,
      from: 'uploaded',
      to: 'processing',
      at,
      detail: 'x',
      change: { attempt: 1 },
    })
    expect(moved?.history).toHaveLength(2)
    expect(await database.images.load(projectId, image.id)).toEqual(moved)
  })

  it('keeps text that PostgreSQL refuses', async () => {
    const { database } = opened
    const { projectId } = await addProject(database)
    const image = await database.images.insert(newImage(projectId, { fileName: 'a\u0000b\ud800c' }), new Date())
    expect(image.fileName).toBe('a\ufffdb\ufffdc')
  })

  it('refuses the outer stores inside a transaction at once', async () => {
    const { database } = opened
    await expect(database.transaction(() => database.check())).rejects.toThrow(/outer stores/)
    await expect(database.transaction(() => database.transaction(async () => {}))).rejects.toThrow(/outer stores/)
    await database.check()
  })

  it('says that the database is away', async () => {
    const connection = { host: '/nonexistent', port: 5432, user: 'x', database: 'x' }
    const opening = openDatabase({ connection, poolMax: 1, poolIdleSeconds: 1, onError: () => {} })
    const error = await opening.then(
      () => null,
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(DomainError)
    expect(error).toMatchObject({ kind: 'network', code: 'database_unavailable' })
  })
})
