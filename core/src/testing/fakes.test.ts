import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { corruptImage, DEFAULT_SOURCE_LIMITS, DEFAULT_VARIANTS, engineCrashed } from '../rendering/index.ts'
import { createFakeProcessor } from './fake-processor.ts'
import { createMemoryDatabase } from './memory/memory-database.ts'
import { seedImage, seedProject } from './seed.ts'
import { createTemporaryWorkspace } from './temporary-workspace.ts'
import { createTestClock } from './test-clock.ts'

it('renders every variant of a recipe as a file', async () => {
  const processor = createFakeProcessor({ result: { width: 10 }, error: [engineCrashed('SIGSEGV')] })
  await createTemporaryWorkspace().use(async directory => {
    const request = {
      source: directory.path('original'),
      outputDirectory: await directory.makeDirectory('variants'),
      declaredType: null,
      limits: DEFAULT_SOURCE_LIMITS,
      recipe: { id: 'r1', variants: DEFAULT_VARIANTS },
    }
    await expect(processor.render(request)).rejects.toMatchObject({ code: 'engine_crashed' })
    const { variants, width } = await processor.render(request)
    expect(width).toBe(10)
    expect(variants).toHaveLength(6)
    for (const { path, sizeBytes } of variants) expect(await readFile(path)).toHaveLength(sizeBytes)
    processor.error = corruptImage('drawn so')
    await expect(processor.render(request)).rejects.toMatchObject({ code: 'corrupt_image' })
    expect(processor.requests).toHaveLength(3)
  })
})

it('refuses what the deferred keys of a real database refuse', async () => {
  const database = createMemoryDatabase(createTestClock())
  const project = await seedProject(database)
  const image = await seedImage(database, project)
  const key = { projectId: project.id, imageId: image.id, status: 'uploaded' as const }
  await expect(database.images.update(key, { originalKey: 'uploads/none' })).rejects.toThrow(/does not exist/)
  expect((await database.images.load(project.id, image.id))?.originalKey).toBe(image.originalKey)
})

it('answers copies: what a caller changes stays the caller’s', async () => {
  const database = createMemoryDatabase(createTestClock())
  const project = await seedProject(database)
  const image = await seedImage(database, project)
  Object.assign(image.analysis, { status: 'completed' })
  const loaded = await database.images.load(project.id, image.id)
  expect(loaded?.analysis.status).toBe('none')
})
