import {
  clearSlot,
  createInFlight,
  DomainError,
  getSlot,
  pictureUrl,
  processImage,
  REPLACED_GRACE_MS,
  replaceSlot,
  settleSlot,
  settleSlotsOf,
} from '@calotype/core'
import {
  bodyOf,
  createFakeCdn,
  createFakeProcessor,
  createMemoryBlobStore,
  createTemporaryWorkspace,
  createTestClock,
  sampleBytes,
  seedProject,
  testContext,
} from '@calotype/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OpenDatabase } from './open-database.ts'
import { openTestDatabase, type TestDatabase } from './testing/test-database.ts'

/** `SLOT_ROUNDS=500` is what the claim is made of; the suite runs fewer, because it has to end soon. */
const ROUNDS = Number(process.env.SLOT_ROUNDS ?? 20)
const SLOT = { type: 'moc', entityId: '42', slot: 'thumbnail' }

let opened: OpenDatabase & { test: TestDatabase }
beforeAll(async () => {
  opened = await openTestDatabase()
})
afterAll(() => opened.close())

async function createScene() {
  const { database } = opened
  const clock = createTestClock()
  const blobs = createMemoryBlobStore(clock)
  const project = await seedProject(database)
  const ctx = testContext({ organizationId: project.organizationId })
  const deps = {
    ...{ database, clock, blobs, processor: createFakeProcessor(), workspace: createTemporaryWorkspace() },
    ...{ cdn: createFakeCdn(), maxUploadBytes: 10_000, inFlight: createInFlight(), signedUrlSeconds: 600 },
  }
  const address = { ...SLOT, projectId: project.id }
  /** A replacement with everything that its jobs do; resolves with its picture. */
  async function replace(bytes: Buffer): Promise<string> {
    const { imageId, projectId } = await replaceSlot(deps, ctx, SLOT, async takeFile => {
      await takeFile({ body: bodyOf(bytes), fileName: 'a.jpg', declaredType: 'image/jpeg', projectId: project.id })
      return { projectId: project.id, sha256: null, caption: null }
    })
    const payload = { projectId, imageId, requestId: 'r' }
    await processImage(deps, payload, { attempt: 1, maxAttempts: 20, firstQueuedAt: clock.now() })
    await settleSlotsOf(deps, payload)
    return imageId
  }
  return { deps, clock, blobs, project, ctx, address, replace }
}

type Scene = Awaited<ReturnType<typeof createScene>>

/** Reads until told to stop; whatever is answered has to be a picture whose bytes are there. */
async function poll(
  { deps, ctx, address, blobs }: Scene,
  stop: AbortSignal,
): Promise<{ reads: number; broken: string[] }> {
  const seen = { reads: 0, broken: [] as string[] }
  while (!stop.aborted) {
    const view = await getSlot(deps, ctx, { ...address, orEmpty: true }).catch((error: unknown) => {
      if (error instanceof DomainError && error.code === 'not_found') return null
      throw error
    })
    seen.reads++
    if (!view?.image) continue
    const current = await deps.database.images.load(view.image.projectId, view.image.id)
    const stored = view.image.variants.every(variant => blobs.keys().includes(variant.objectKey))
    if (pictureUrl(deps, view.image) === null || current?.status !== 'ready' || !stored)
      seen.broken.push(`${view.image.id} ${current?.status}`)
  }
  return seen
}

const count = async (text: string, projectId: string): Promise<number> =>
  (await opened.test.query<{ count: number }>(`select count(*)::int as count ${text}`, [projectId]))[0]?.count ?? -1

describe('a slot that is replaced twice and emptied at the same time', () => {
  it('has one winner and leaves no orphan, and no reader sees a broken picture', { timeout: 900_000 }, async () => {
    const scene = await createScene()
    const { deps, ctx, address, project, clock } = scene
    const pictures = [sampleBytes(1_000), sampleBytes(2_000)] as const
    const outcomes = { empty: 0, filled: 0 }
    for (let round = 0; round < ROUNDS; round++) {
      await scene.replace(pictures[0])
      const stop = new AbortController()
      // A delete takes pictures at once: the reader polls where only replacements run, in every second round.
      const deletes = round % 2 === 0
      const reading = poll(scene, stop.signal)
      await Promise.all([
        scene.replace(pictures[0]),
        scene.replace(pictures[1]),
        deletes ? clearSlot(deps, ctx, address) : scene.replace(pictures[1]),
      ])
      stop.abort()
      const { reads, broken } = await reading
      expect(reads).toBeGreaterThan(0)
      if (!deletes) expect(broken).toEqual([])

      const view = await getSlot(deps, ctx, { ...address, orEmpty: true })
      outcomes[view.image ? 'filled' : 'empty']++
      // Whatever is over its grace goes, and exactly what is in place is left.
      clock.advance(REPLACED_GRACE_MS)
      await settleSlot(deps, { projectId: project.id, slotId: view.slot.id, requestId: 'r' })
      const states = await count(`from slot_replacements where project_id = $1 and state = 'current'`, project.id)
      const living = await count(`from images where project_id = $1 and status <> 'deleted'`, project.id)
      const waiting = await count(
        `from slot_replacements where project_id = $1 and state in ('waiting', 'replaced')`,
        project.id,
      )
      const winners = view.image ? 1 : 0
      expect({ round, states, living, waiting }).toEqual({ round, states: winners, living: winners, waiting: 0 })
    }
    expect(outcomes.filled).toBeGreaterThan(0)
  })
})
