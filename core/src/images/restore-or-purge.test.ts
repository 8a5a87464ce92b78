import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createWorld, findDisorder, sampleBytes, upload, type World } from '../testing/index.ts'
import { deleteImage } from './delete-images.ts'
import { purgeTombstones } from './purge-tombstones.ts'
import { restoreImage } from './restore-image.ts'
import { STRANDED_AFTER_MS } from './sweep.ts'

const DAY_MS = 86_400_000
const RETENTION_DAYS = 2
/** Two pictures, so that some images share an original and others do not. */
const PICTURES = [sampleBytes(300), sampleBytes(301)]

const everyImage = (world: World) => [...world.memory.inspect().images.values()].sort((a, b) => (a.id < b.id ? -1 : 1))

/** What people, jobs and the sweep do at the same moment to the n-th image. What is refused is refused. */
const STEPS = {
  upload: (world: World, n: number) => upload(world, PICTURES[n % PICTURES.length] ?? Buffer.alloc(0)),
  delete: (world: World, _n: number, imageId: string) => deleteImage(world.deps, world.owner, { imageId }),
  restore: (world: World, _n: number, imageId: string) => restoreImage(world.deps, world.owner, { imageId }),
  purge: (world: World, _n: number, imageId: string) =>
    purgeTombstones(world.deps, { projectId: world.project.id, imageIds: [imageId], requestId: 'r' }),
  jobs: (world: World) => world.runJobs(),
  sweep: (world: World) => world.sweep(60_000),
}
type Step = keyof typeof STEPS
const step = fc.constantFrom<Step>('upload', 'delete', 'delete', 'restore', 'restore', 'purge', 'jobs', 'sweep')
const together = fc.array(fc.tuple(step, fc.nat(3)), { minLength: 1, maxLength: 4 })
const moments = fc.array(fc.tuple(together, fc.constantFrom(0, 1_000, DAY_MS, RETENTION_DAYS * DAY_MS)), {
  minLength: 4,
  maxLength: 12,
})

const storedBytes = (world: World) =>
  [...world.memory.inspect().usage.values()].reduce((sum, entry) => sum + (entry.storedBytes ?? 0), 0)
const heldBytes = (world: World) =>
  world.blobs.keys().reduce((sum, key) => sum + (world.blobs.bytes(key)?.byteLength ?? 0), 0)

/** Whoever is ready has all of its objects, whatever is going on around it. */
function checkReady(world: World): void {
  const keys = new Set(world.blobs.keys())
  for (const image of everyImage(world)) {
    if (image.status !== 'ready') continue
    expect(image.variants).toHaveLength(6)
    for (const variant of image.variants) expect(keys).toContain(variant.objectKey)
    expect(keys).toContain(image.originalKey)
  }
}

async function settle(world: World): Promise<void> {
  for (let round = 0; round < 3; round++) {
    world.clock.advance(STRANDED_AFTER_MS)
    await world.runJobs()
    await world.sweep()
  }
}

it.each(['private', 'public'] as const)(
  'deletes, restores, purges and uploads of the same bytes at the same moment lose nothing in a %s project',
  async visibility => {
    const property = fc.asyncProperty(moments, async plan => {
      const world = await createWorld({ settings: { visibility, retentionDays: RETENTION_DAYS } })
      for (const bytes of PICTURES) await upload(world, bytes)
      await world.runJobs()
      for (const [steps, pauseMs] of plan) {
        const images = everyImage(world)
        const work = steps.map(([name, n]) => STEPS[name](world, n, images[n % images.length]?.id ?? ''))
        for (const settled of await Promise.allSettled(work))
          if (settled.status === 'rejected')
            expect(['not_found', 'invalid_transition', 'conflict']).toContain(settled.reason.code)
        checkReady(world)
        world.clock.advance(pauseMs)
      }
      await settle(world)
      expect(findDisorder(world)).toEqual({ orphans: [], missing: [] })
      for (const image of everyImage(world)) expect(['ready', 'deleted']).toContain(image.status)
      expect(storedBytes(world)).toBe(heldBytes(world))
      for (const { id: imageId, status } of everyImage(world))
        if (status !== 'deleted') await deleteImage(world.deps, world.owner, { imageId })
      await world.endRetention()
      await settle(world)
      expect(world.blobs.keys()).toEqual([])
      expect(storedBytes(world)).toBe(0)
    })
    await fc.assert(property, { numRuns: 60 })
  },
  60_000,
)
