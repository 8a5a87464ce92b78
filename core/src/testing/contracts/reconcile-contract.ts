import { describe, expect, it } from 'vitest'
import { type Finding, type KindCounts, MAX_FINDINGS } from '../../care/index.ts'
import { newId } from '../../ids.ts'
import { originalKey } from '../../images/index.ts'
import { seedImage, seedProject } from '../seed.ts'
import type { DatabaseHarness } from './harness.ts'
import { referenceCases } from './reference-cases.ts'
import { useHarness } from './use-harness.ts'

const NOW = new Date('2026-03-01T12:00:00.000Z')
const EMPTY: KindCounts = {
  ...{ unreferenced: { found: 0, repaired: 0 }, missing_original: { found: 0, repaired: 0 } },
  ...{ missing_variant: { found: 0, repaired: 0 }, wrong_size: { found: 0, repaired: 0 } },
}

const findingOf = (change: Partial<Finding> = {}): Finding => ({
  ...{ kind: 'unreferenced', key: originalKey(newId()), projectId: null, imageId: null },
  ...{ expectedBytes: null, actualBytes: 7, outcome: 'found' },
  ...change,
})

/** What every store of comparisons does. */
export function reconcileContract(name: string, factory: () => Promise<DatabaseHarness>): void {
  describe(`reconcile contract: ${name}`, () => {
    const harness = useHarness(factory)
    const store = () => harness().database.reconcile
    async function begun() {
      const { organizationId } = await seedProject(harness().database)
      const run = { id: newId(), organizationId, projectId: null, apply: true, cutOff: NOW, createdAt: NOW }
      const added = await store().add({ ...run, startedBy: { kind: 'user', id: newId() } })
      const first = await store().begin(organizationId, run.id, NOW, 12)
      if (!first) throw new Error('The run did not begin')
      return { organizationId, id: run.id, added, first }
    }
    const progress = { objects: 5, rows: 4, position: 'uploads/x', counts: EMPTY }

    it('keeps one run of an organisation open at a time', async () => {
      const { organizationId, id, added, first } = await begun()
      expect(added).toBe(true)
      expect(first).toMatchObject({ status: 'running', attempt: 1, expectedRows: 12, startedAt: NOW, failure: null })
      const { startedBy, cutOff, createdAt } = first
      const second = { id: newId(), organizationId, projectId: newId(), apply: false, cutOff, createdAt, startedBy }
      expect(await store().add(second)).toBe(false)
      expect(await store().findActive(organizationId)).toEqual(first)
      await store().end(organizationId, id, NOW, null)
      expect(await store().find(organizationId, id)).toMatchObject({ status: 'done', endedAt: NOW })
      await store().end(organizationId, id, NOW, 'too late')
      expect(await store().find(organizationId, id)).toMatchObject({ status: 'done', failure: null })
      expect(await store().begin(organizationId, id, NOW, 1)).toBeNull()
      expect(await store().findActive(organizationId)).toBeNull()
      expect(await store().add(second)).toBe(true)
      expect(await store().find(organizationId, second.id)).toMatchObject({
        status: 'queued',
        counts: EMPTY,
        attempt: 0,
      })
      expect(await store().find(newId(), id)).toBeNull()
      await store().end(organizationId, second.id, NOW, 'why')
      expect(await store().find(organizationId, second.id)).toMatchObject({ status: 'failed', failure: 'why' })
    })

    it('takes progress and findings of the newest try alone', async () => {
      const { organizationId, id, first } = await begun()
      const found = findingOf({ kind: 'wrong_size', projectId: newId(), imageId: newId(), expectedBytes: 3 })
      const removed = findingOf({ outcome: 'removed' })
      const counts = { ...EMPTY, wrong_size: { found: 1, repaired: 0 }, unreferenced: { found: 1, repaired: 1 } }
      expect(await store().save(first, { ...progress, counts }, [found, removed, found])).toBe(true)
      expect(await store().find(organizationId, id)).toMatchObject({ ...progress, counts })
      expect(await store().listFindings(organizationId, id)).toEqual([removed, found])
      expect(await store().listFindings(newId(), id)).toEqual([])
      const second = await store().begin(organizationId, id, new Date(0), 13)
      expect(second).toMatchObject({
        attempt: 2,
        objects: 0,
        rows: 0,
        position: null,
        startedAt: NOW,
        expectedRows: 13,
      })
      expect(second?.counts).toEqual({ ...EMPTY, unreferenced: { found: 1, repaired: 1 } })
      expect(await store().listFindings(organizationId, id)).toEqual([removed])
      expect(await store().save(first, progress, [found])).toBe(false)
      await store().end(organizationId, id, NOW, null)
      expect(await store().save({ organizationId, id, attempt: 2 }, progress, [])).toBe(false)
      expect(await store().listFindings(organizationId, id)).toEqual([removed])
    })

    it('keeps the first findings of each kind', async () => {
      const { organizationId, id, first } = await begun()
      const key = (at: number) => originalKey(String(at).padStart(26, '0'))
      const many = (from: number, count: number) =>
        Array.from({ length: count }, (_, at) => findingOf({ key: key(from + at) }))
      await store().save(first, progress, many(0, MAX_FINDINGS - 1))
      await store().save(first, progress, [...many(MAX_FINDINGS - 1, 5), findingOf({ kind: 'missing_original' })])
      const kept = await store().listFindings(organizationId, id)
      expect(kept).toHaveLength(MAX_FINDINGS + 1)
      expect(kept[MAX_FINDINGS - 1]?.key).toBe(key(MAX_FINDINGS - 1))
    })

    it('knows projects, and the organisation of the installation', async () => {
      const { database } = harness()
      const project = await seedProject(database)
      expect(await store().findProjects([project.id, newId()])).toEqual(new Set([project.id]))
      expect(await store().findProjects([])).toEqual(new Set())
      expect(await store().findInstalled(project.organizationId)).toBe(true)
      const organizationId = newId()
      await database.organizations.add({ id: organizationId, name: 'other', createdAt: NOW })
      expect(await store().findInstalled(organizationId)).toBe(false)
      expect(await store().findInstalled(newId())).toBe(false)
    })

    it('adds a line to the history of an image, once', async () => {
      const { database } = harness()
      const project = await seedProject(database)
      const image = await seedImage(database, project, { status: 'ready' })
      const key = { projectId: project.id, imageId: image.id }
      const later = new Date(Date.now() + 60_000)
      for (const detail of ['lost', 'lost', 'found']) await store().noteHistory(key, detail, later)
      await store().noteHistory({ ...key, projectId: newId() }, 'foreign', later)
      const after = await database.images.load(project.id, image.id)
      expect(after?.status).toBe('ready')
      const lines = after?.history.slice(image.history.length)
      expect(lines?.map(({ status, detail }) => [status, detail])).toEqual([
        ['ready', 'lost'],
        ['ready', 'found'],
      ])
    })

    referenceCases(harness)
  })
}
