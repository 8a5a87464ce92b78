import { describe, expect, it } from 'vitest'
import type { Database } from '../../database.ts'
import { newId } from '../../ids.ts'
import { testVariant } from '../builders.ts'
import { seedImage, seedProject } from '../seed.ts'
import type { DatabaseHarness } from './harness.ts'
import { useHarness } from './use-harness.ts'

const AT = new Date('2026-05-01T12:00:00.000Z')
const FUTURE = new Date('2099-01-01T00:00:00.000Z')
const COUNTS = { done: 0, failed: 0, skipped: 0, failures: [] }

/** What every store of runs that remake variants does. */
export function remakeStoreContract(name: string, factory: () => Promise<DatabaseHarness>): void {
  describe(`remake store contract: ${name}`, () => {
    const harness = useHarness(factory)
    const db = (): Database => harness().database
    runCases(db)
    itemCases(db)
    keptCases(db)
  })
}

async function begin(database: Database, imageIds: readonly string[] | null, project?: { id: string }) {
  const owner = project ?? (await seedProject(database))
  const run = await database.remakes.start({ id: newId(), projectId: owner.id }, imageIds, AT)
  return { run, key: (imageId: string) => ({ projectId: owner.id, runId: run.id, imageId }) }
}

function runCases(db: () => Database): void {
  describe('a run', () => {
    it('is over what is ready or becomes so, of its project alone', async () => {
      const project = await seedProject(db())
      const ids: string[] = []
      for (const status of ['ready', 'processing', 'ready'] as const)
        ids.push((await seedImage(db(), project, { status })).id)
      for (const status of ['uploaded', 'failed', 'deleted', 'pending_upload'] as const)
        await seedImage(db(), project, { status })
      await seedImage(db(), await seedProject(db()), { status: 'ready' })
      const { run } = await begin(db(), null, project)
      expect(run).toEqual({
        id: run.id,
        projectId: project.id,
        state: 'running',
        total: 3,
        ...COUNTS,
        startedAt: AT,
        finishedAt: null,
      })
      expect(await db().remakes.takeWaiting(project.id, run.id, 9)).toEqual(ids.sort())
    })

    it('is over the images that it names, each once', async () => {
      const ids = [newId(), newId()].sort()
      const { run } = await begin(db(), [...ids, ...ids])
      expect(run.total).toBe(2)
      expect(await db().remakes.takeWaiting(run.projectId, run.id, 9)).toEqual(ids)
    })

    it('is the only one of its project until it is over, also when two begin at once', async () => {
      const project = await seedProject(db())
      const outcomes = await Promise.allSettled([begin(db(), [newId()], project), begin(db(), [newId()], project)])
      expect(outcomes.map(outcome => outcome.status).sort()).toEqual(['fulfilled', 'rejected'])
      const active = await db().remakes.findActive(project.id)
      await db().remakes.setState(project.id, active?.id ?? '', 'paused', null)
      await expect(begin(db(), null, project)).rejects.toMatchObject({ code: 'reprocess_under_way' })
      await db().remakes.setState(project.id, active?.id ?? '', 'completed', AT)
      expect(await db().remakes.findActive(project.id)).toBeNull()
      await begin(db(), null, project)
    })

    it('knows whether files of its project are public', async () => {
      const [shown, hidden] = [await seedProject(db()), await seedProject(db())]
      for (const [place, project] of [
        ['public', shown],
        ['private', hidden],
      ] as const) {
        const image = await seedImage(db(), project, { status: 'ready' })
        const objectKey = `${place}/${project.id}/${image.id}/r/full.webp`
        await db().images.setVariants({ projectId: project.id, imageId: image.id }, 'r', [testVariant(objectKey)])
      }
      expect(await db().remakes.hasPublicFiles(shown.id)).toBe(true)
      expect(await db().remakes.hasPublicFiles(hidden.id)).toBe(false)
    })

    it('is found by its own organisation, and listed while it runs', async () => {
      const project = await seedProject(db())
      const { run } = await begin(db(), [newId()], project)
      expect(await db().remakes.find(project.organizationId, run.id)).toEqual(run)
      expect(await db().remakes.find(newId(), run.id)).toBeNull()
      expect(await db().remakes.lock(newId(), run.id)).toBeNull()
      expect(await db().remakes.lock(project.id, run.id)).toEqual(run)
      const running = async () => (await db().remakes.findRunning(10_000)).some(each => each.id === run.id)
      expect(await running()).toBe(true)
      await db().remakes.setState(project.id, run.id, 'paused', null)
      expect(await running()).toBe(false)
    })
  })
}

function itemCases(db: () => Database): void {
  describe('an image of a run', () => {
    it('waits, is queued, worked on, put back, and settled once', async () => {
      const ids = [newId(), newId(), newId()].sort()
      const { run, key } = await begin(db(), ids)
      const [first = '', second = '', third = ''] = ids
      const { remakes } = db()
      const open = () => remakes.loadOpen(run.projectId, run.id)
      expect(await open()).toEqual({ queued: 0, waiting: true })
      expect(await remakes.takeWaiting(run.projectId, run.id, 2)).toEqual([first, second])
      expect(await open()).toEqual({ queued: 2, waiting: true })
      await remakes.setItem(key(first), { state: 'working', losses: 1 })
      expect(await remakes.loadItem(key(first))).toEqual({ imageId: first, state: 'working', losses: 1 })
      expect(await remakes.findQueued(run.projectId, run.id, 9)).toEqual([first, second])
      await remakes.setItem(key(second), { state: 'waiting', losses: 0 })
      expect(await remakes.takeWaiting(run.projectId, run.id, 9)).toEqual([second, third])
      expect(await remakes.settleItem(key(first), 'failed', 'corrupt_image')).toBe(true)
      expect(await remakes.settleItem(key(first), 'done', null)).toBe(false)
      await remakes.setItem(key(first), { state: 'working', losses: 0 })
      expect(await remakes.loadItem(key(first))).toMatchObject({ state: 'failed' })
      expect(await remakes.settleItem(key(second), 'done', null)).toBe(true)
      expect(await remakes.settleItem(key(third), 'skipped', null)).toBe(true)
      expect(await open()).toEqual({ queued: 0, waiting: false })
      const failures = [{ code: 'corrupt_image', count: 1 }]
      expect(await remakes.lock(run.projectId, run.id)).toMatchObject({ done: 1, failed: 1, skipped: 1, failures })
      expect(await remakes.loadItem(key(newId()))).toBeNull()
      expect(await remakes.settleItem(key(newId()), 'done', null)).toBe(false)
    })

    it('is counted by why it failed, the most frequent reason first', async () => {
      const ids = [newId(), newId(), newId()]
      const { run, key } = await begin(db(), ids)
      const codes = ['original_gone', 'corrupt_image', 'corrupt_image']
      for (const [index, id] of ids.entries()) await db().remakes.settleItem(key(id), 'failed', codes[index] ?? null)
      expect((await db().remakes.lock(run.projectId, run.id))?.failures).toEqual([
        { code: 'corrupt_image', count: 2 },
        { code: 'original_gone', count: 1 },
      ])
    })

    it('has a line in its history when it was remade', async () => {
      const project = await seedProject(db())
      const image = await seedImage(db(), project, { status: 'ready', at: AT })
      await db().remakes.noteRemade(project.id, image.id, AT, 'variants remade')
      const history = (await db().images.load(project.id, image.id))?.history
      expect(history?.at(-1)).toEqual({ status: 'ready', at: AT, detail: 'variants remade' })
    })
  })
}

function keptCases(db: () => Database): void {
  describe('the sweep', () => {
    it('leaves what an attempt may just be writing, and only that', async () => {
      const project = await seedProject(db())
      const image = await seedImage(db(), project, { status: 'ready' })
      const { run, key } = await begin(db(), [image.id], project)
      const file = `private/${project.id}/${image.id}/abc-n2/full.jpg`
      const kept = async () => (await db().images.findReferencedKeys([file])).has(file)
      expect(await kept()).toBe(false)
      await db().remakes.setItem(key(image.id), { state: 'working', losses: 0 })
      expect(await kept()).toBe(true)
      await db().remakes.settleItem({ ...key(image.id), runId: run.id }, 'done', null)
      expect(await kept()).toBe(false)
    })

    it('takes what an attempt left when its run was cancelled', async () => {
      const project = await seedProject(db())
      const image = await seedImage(db(), project, { status: 'ready' })
      const { run, key } = await begin(db(), [image.id], project)
      const file = `private/${project.id}/${image.id}/abc-n2/full.jpg`
      await db().remakes.setItem(key(image.id), { state: 'working', losses: 0 })
      await db().remakes.setState(project.id, run.id, 'cancelled', AT)
      expect((await db().images.findReferencedKeys([file])).size).toBe(0)
    })

    it('leaves what was replaced for its time', async () => {
      const project = await seedProject(db())
      const [kept, over] = [`x/${newId()}`, `x/${newId()}`]
      await db().remakes.retire(project.id, [kept], FUTURE)
      await db().remakes.retire(project.id, [over], new Date('2020-01-01T00:00:00.000Z'))
      expect([...(await db().images.findReferencedKeys([kept, over]))]).toEqual([kept])
      await db().remakes.forgetRetired(newId(), [kept])
      expect((await db().images.findReferencedKeys([kept])).size).toBe(1)
      await db().remakes.forgetRetired(project.id, [kept])
      expect((await db().images.findReferencedKeys([kept])).size).toBe(0)
    })
  })
}
