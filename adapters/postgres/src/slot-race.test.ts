import { setTimeout as pause } from 'node:timers/promises'
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
  createMemoryBlobStore,
  createTestClock,
  createWorkshop,
  sampleBytes,
  seedProject,
  testContext,
  WORKSHOP_VARIANTS,
} from '@calotype/core/testing'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { OpenDatabase } from './open-database.ts'
import { openTestDatabase } from './testing/test-database.ts'

/** `npm run check` runs 500. */
const ROUNDS = Number(process.env.SLOT_ROUNDS ?? 20)
/** Rounds at a time, each with a project of its own: what they share is the database, which is what is raced for. */
const AT_ONCE = 4
const SLOT = { type: 'moc', entityId: '42', slot: 'thumbnail' }
/** Between two looks of the reader. */
const PAUSE_MS = 5
const PICTURES = [sampleBytes(1_000), sampleBytes(2_000)] as const

let opened: OpenDatabase
beforeAll(async () => {
  opened = await openTestDatabase()
})
afterAll(() => opened.close())

async function createScene() {
  const { database } = opened
  const clock = createTestClock()
  const held = createMemoryBlobStore(clock)
  // The engine is a fake and its files are in memory: the law is about who comes into place.
  const { engine: processor, workspace, blobs } = createWorkshop(held)
  const project = await seedProject(database, { settings: { variants: WORKSHOP_VARIANTS } })
  const ctx = testContext({ organizationId: project.organizationId })
  const deps = {
    ...{ database, clock, blobs, processor, workspace, cdn: createFakeCdn() },
    ...{ maxUploadBytes: 10_000, inFlight: createInFlight(), signedUrlSeconds: 600 },
  }
  /** A replacement with everything that its jobs do. */
  async function replace(bytes: Buffer): Promise<void> {
    const { imageId, projectId } = await replaceSlot(deps, ctx, SLOT, async takeFile => {
      await takeFile({ body: bodyOf(bytes), fileName: 'a.jpg', declaredType: 'image/jpeg', projectId: project.id })
      return { projectId: project.id, sha256: null, caption: null }
    })
    const payload = { projectId, imageId, requestId: 'r' }
    await processImage(deps, payload, { attempt: 1, maxAttempts: 20, firstQueuedAt: clock.now() })
    await settleSlotsOf(deps, payload)
  }
  return { deps, clock, held, project, ctx, address: { ...SLOT, projectId: project.id }, replace }
}

type Scene = Awaited<ReturnType<typeof createScene>>

/** Reads until told to stop; whatever is answered has to be a picture whose bytes are there. */
async function poll({ deps, ctx, address, held }: Scene, stop: AbortSignal, good: readonly string[]) {
  const seen = { reads: 0, broken: [] as string[] }
  while (!stop.aborted) {
    const view = await getSlot(deps, ctx, { ...address, orEmpty: true }).catch((error: unknown) => {
      if (error instanceof DomainError && error.code === 'not_found') return null
      throw error
    })
    seen.reads++
    // Without a pause most of the work would be the reader's, and fewer races would be run.
    await pause(PAUSE_MS)
    if (!view?.image) continue
    const current = await deps.database.images.load(view.image.projectId, view.image.id)
    const stored = view.image.variants.every(variant => held.bytes(variant.objectKey) !== null)
    if (pictureUrl(deps, view.image) === null || !good.includes(current?.status ?? 'gone') || !stored)
      seen.broken.push(`${view.image.id} ${current?.status}`)
  }
  return seen
}

interface Count {
  current: number
  living: number
  waiting: number
}

/** What the records of a project hold. */
async function countRows(projectId: string): Promise<Count | undefined> {
  const { rows } = await sql<Count>`select
    (select count(*)::int from slot_replacements where project_id = ${projectId} and state = 'current') as current,
    (select count(*)::int from images where project_id = ${projectId} and status <> 'deleted') as living,
    (select count(*)::int from slot_replacements where project_id = ${projectId}
      and state in ('waiting', 'replaced')) as waiting`.execute(opened.handle.kysely)
  return rows[0]
}

/** Two replacements and a delete, or a third replacement, at the same moment. Resolves with whether a picture is in place afterwards. */
async function race(deletes: boolean): Promise<boolean> {
  const scene = await createScene()
  const { deps, ctx, address, project, clock, held } = scene
  await scene.replace(PICTURES[0])
  const stop = new AbortController()
  const racing = Promise.all([
    scene.replace(PICTURES[0]),
    scene.replace(PICTURES[1]),
    deletes ? clearSlot(deps, ctx, address) : scene.replace(PICTURES[1]),
  ]).finally(() => stop.abort())
  // A delete takes the picture at once, also from a reader who has just been told of it; its bytes stay for a restore.
  const [seen] = await Promise.all([poll(scene, stop.signal, deletes ? ['ready', 'deleted'] : ['ready']), racing])
  expect(seen.reads).toBeGreaterThan(0)
  expect(seen.broken).toEqual([])
  const view = await getSlot(deps, ctx, { ...address, orEmpty: true })
  // Whatever is over its grace goes, and exactly what is in place is left.
  clock.advance(REPLACED_GRACE_MS)
  await settleSlot(deps, { projectId: project.id, slotId: view.slot.id, requestId: 'r' })
  const winners = view.image ? 1 : 0
  expect(await countRows(project.id)).toEqual({ current: winners, living: winners, waiting: 0 })
  const keys = held.keys()
  expect([...(await deps.database.images.findReferencedKeys(keys))].sort()).toEqual([...keys].sort())
  return view.image !== null
}

it(`has one winner and leaves no orphan, and no reader sees a broken picture, in ${ROUNDS} rounds`, {
  timeout: 600_000,
}, async () => {
  let [started, filled] = [0, 0]
  const runRounds = async () => {
    while (started < ROUNDS) if (await race(started++ % 2 === 0)) filled++
  }
  await Promise.all(Array.from({ length: AT_ONCE }, runRounds))
  expect(filled).toBeGreaterThan(0)
})
