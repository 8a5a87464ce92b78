import { expect, it } from 'vitest'
import { checkRepairs, compare } from './compare.ts'
import { withPlanted } from './scene.ts'
import { createSyntheticBlobs } from './synthetic-blobs.ts'

const DIFFERENCES = 50

it('finds exactly what differs among 20,000 objects, and repairs only that', async () => {
  await withPlanted({ objects: 20_000, differences: DIFFERENCES }, async ({ opened, plan, project }) => {
    const storage = createSyntheticBlobs(plan)
    const dry = await compare(opened, storage, plan, project, false)
    expect(dry.mistakes).toEqual([])
    expect(dry.run.objects).toBe(3 * plan.images - DIFFERENCES)
    expect(storage.removed.size).toBe(0)
    const repaired = await compare(opened, storage, plan, project, true)
    expect(repaired.mistakes).toEqual([])
    for (const { found, repaired: settled } of Object.values(repaired.run.counts))
      expect([found, settled]).toEqual([DIFFERENCES, DIFFERENCES])
    expect(await checkRepairs(opened, storage, plan)).toEqual([])
  })
}, 120_000)
