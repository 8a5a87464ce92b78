import type { Image, Project } from '@calotype/core'
import { seedImage, seedProject } from '@calotype/core/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openTestDatabase } from './testing/test-database.ts'

const LONG_AGO = new Date('2020-01-01T00:00:00.000Z')

describe('sweeps and the queue', () => {
  let opened: Awaited<ReturnType<typeof openTestDatabase>>
  let project: Project
  beforeAll(async () => {
    opened = await openTestDatabase()
  })
  afterAll(() => opened.close())
  beforeEach(async () => {
    project = await seedProject(opened.database)
  })

  async function withJob(name: 'image.process', image: Image, state: string): Promise<Image> {
    const payload = { projectId: image.projectId, imageId: image.id, requestId: 'r' }
    await opened.database.jobs.enqueue(name, payload, { key: `${name}:${image.id}` })
    await opened.test.query(`update graphile_worker._private_jobs set ${state} where key = $1`, [`${name}:${image.id}`])
    return image
  }
  const strandedIds = async () =>
    (await opened.database.images.findStranded(new Date(), 1_000))
      .filter(image => image.projectId === project.id)
      .map(image => image.id)

  it('knows an image as stranded only when nothing further will run', async () => {
    const seed = (status: 'uploaded' | 'processing') => seedImage(opened.database, project, { status, at: LONG_AGO })
    await withJob('image.process', await seed('uploaded'), 'attempts = 3')
    await withJob('image.process', await seed('uploaded'), `run_at = now() + interval '5 hours'`)
    await withJob('image.process', await seed('processing'), `attempts = 20, locked_by = 'x', locked_at = now()`)
    const givenUp = await withJob('image.process', await seed('uploaded'), 'attempts = 20')
    const without = await seed('processing')
    expect((await strandedIds()).sort()).toEqual([givenUp.id, without.id].sort())
  })

  it('lets an image run again that was given up', async () => {
    const image = await seedImage(opened.database, project, { status: 'uploaded', at: LONG_AGO })
    await withJob('image.process', image, 'attempts = 20')
    expect(await strandedIds()).toEqual([image.id])
    await withJob('image.process', image, 'attempts = 0')
    expect(await strandedIds()).toEqual([])
  })
})
