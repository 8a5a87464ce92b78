import { describe, expect, it } from 'vitest'
import { newId } from '../../ids.ts'
import type { PipelineMessage } from '../../pipeline/index.ts'
import { seedImage, seedProject } from '../seed.ts'
import type { DatabaseHarness } from './harness.ts'
import { useHarness } from './use-harness.ts'

const NOW = new Date('2026-03-01T12:00:00.000Z')
const after = (seconds: number) => new Date(NOW.getTime() + seconds * 1000)

/** What every store of pipeline messages does, and the analysis of images with it. Other suites must not leave messages behind. */
export function pipelineStoreContract(name: string, factory: () => Promise<DatabaseHarness>): void {
  describe(`pipeline store contract: ${name}`, () => {
    const harness = useHarness(factory)
    const store = () => harness().database.pipeline
    const scene = async () => {
      const project = await seedProject(harness().database)
      const image = () => seedImage(harness().database, project, { status: 'ready', at: NOW })
      return { project, image }
    }
    const add = async (
      image: { projectId: string; id: string },
      more: { priority?: PipelineMessage['priority']; at?: Date } = {},
    ) => {
      const id = newId()
      const { priority = 'normal', at = NOW } = more
      await store().add({ id, projectId: image.projectId, imageId: image.id, types: ['damage', 'rust'], priority, at })
      return id
    }
    const claim = (more: { now?: Date; token?: string; limit?: number; leaseUntil?: Date } = {}) =>
      store().claim({ now: NOW, leaseUntil: after(60), token: newId(), limit: 10, ...more })
    const idsOf = (messages: readonly PipelineMessage[]) => messages.map(({ id }) => id)
    const settleAll = async (token: string, messages: readonly PipelineMessage[]) =>
      store().settle(
        token,
        messages.map(({ id, projectId }) => ({
          ...{ id, projectId, status: 'delivered' as const, lastError: null, nextAttemptAt: null },
        })),
        NOW,
      )

    it('gives back what was added, to its organisation alone', async () => {
      const { project, image } = await scene()
      const seeded = await image()
      const id = await add(seeded)
      const expected = {
        ...{ id, projectId: project.id, imageId: seeded.id, types: ['damage', 'rust'], priority: 'normal' },
        ...{ status: 'waiting', originalKey: seeded.originalKey, attempts: 0, lastError: null, createdAt: NOW },
        ...{ since: NOW, nextAttemptAt: NOW, deliveredAt: null },
      }
      expect(await store().find(project.organizationId, id)).toEqual(expected)
      const query = { organizationId: project.organizationId, projectIds: null, status: null, before: null, limit: 5 }
      expect(await store().list(query)).toEqual([expected])
      expect(await store().list({ ...query, projectIds: [newId()] })).toEqual([])
      expect(await store().list({ ...query, status: 'failed' })).toEqual([])
      expect(await store().list({ ...query, before: id })).toEqual([])
      expect(await store().find(newId(), id)).toBeNull()
      await settleAll('t', await claim({ token: 't' }))
    })

    it('claims the urgent first and each message once, until its lease is over', async () => {
      const { image } = await scene()
      const low = await add(await image(), { priority: 'low' })
      const first = await add(await image())
      const high = await add(await image(), { priority: 'high' })
      const second = await add(await image())
      await add(await image(), { at: after(30) })
      const taken = await claim({ token: 'one' })
      expect(idsOf(taken)).toEqual([high, first, second, low])
      expect(taken.map(({ attempts }) => attempts)).toEqual([1, 1, 1, 1])
      expect(await claim()).toEqual([])
      expect((await store().findNextDue())?.getTime()).toBe(after(30).getTime())
      const late = await claim({ now: after(61), token: 'two' })
      expect(late.length).toBe(5)
      // The first one has lost them.
      await settleAll('one', taken)
      expect(await claim({ now: after(200), token: 'three', limit: 2 })).toHaveLength(2)
      await settleAll('three', await claim({ now: after(300), token: 'three' }))
      expect(await store().findNextDue()).toBeNull()
    })

    it('keeps the order of each image: nothing overtakes what waits', async () => {
      const { project, image } = await scene()
      const [one, two] = [await image(), await image()]
      const [first, second, other] = [await add(one), await add(one, { priority: 'high' }), await add(two)]
      const leaseUntil = after(1_000)
      expect(idsOf(await claim({ token: 'a', leaseUntil }))).toEqual([first, other])
      expect(await claim({ now: after(1) })).toEqual([])
      await store().settle(
        'a',
        [{ id: first, projectId: project.id, status: 'waiting', lastError: 'x', nextAttemptAt: after(50) }],
        NOW,
      )
      expect(await claim({ now: after(40) })).toEqual([])
      const again = await claim({ now: after(50), token: 'b', leaseUntil })
      expect(again.map(({ id, lastError }) => [id, lastError])).toEqual([[first, 'x']])
      await settleAll('b', again)
      expect(idsOf(await claim({ now: after(51), token: 'c', leaseUntil }))).toEqual([second])
      // Sent again by hand, a message goes to the end.
      expect(await store().requeue({ projectId: project.id, id: first }, after(60))).toMatchObject({ attempts: 0 })
      expect(await claim({ now: after(61) })).toEqual([])
      await store().acknowledge({ projectId: project.id, imageId: one.id }, after(62))
      await store().acknowledge({ projectId: project.id, imageId: two.id }, after(62))
      expect(await store().find(project.organizationId, first)).toMatchObject({
        ...{ status: 'delivered', deliveredAt: after(62), nextAttemptAt: null },
      })
      expect(await claim({ now: after(999) })).toEqual([])
      expect(await store().requeue({ projectId: newId(), id: first }, NOW)).toBeNull()
    })

    it('holds back what is about a deleted image', async () => {
      const { project, image } = await scene()
      const seeded = await image()
      await add(seeded)
      await harness().database.transaction(tx =>
        tx.images.tombstone(
          [{ projectId: project.id, imageId: seeded.id, from: 'ready', purgeAt: after(86_400) }],
          NOW,
        ),
      )
      expect(await claim()).toEqual([])
      expect(await store().findNextDue()).toBeNull()
    })

    it('moves the analysis by compare-and-set, with a line in the history', async () => {
      const { project, image } = await scene()
      const seeded = await image()
      const move = (from: 'none' | 'queued', status: 'queued' | 'completed', result: unknown = null) =>
        harness().database.transaction(tx =>
          tx.images.moveAnalysis({
            ...{ projectId: project.id, imageId: seeded.id, from, detail: `analysis ${status}` },
            to: { status, types: ['damage'], result, updatedAt: after(5) },
          }),
        )
      expect((await move('none', 'queued'))?.analysis).toEqual({
        ...{ status: 'queued', types: ['damage'], result: null, updatedAt: after(5) },
      })
      expect(await move('none', 'queued')).toBeNull()
      const result = { boxes: [[1, 2.5]], text: 'Dach "é" \\ ', none: null }
      const done = await move('queued', 'completed', result)
      expect(done?.analysis.result).toEqual(result)
      expect(done?.history.at(-1)).toEqual({ status: 'ready', at: after(5), detail: 'analysis completed' })
      expect(await harness().database.images.load(project.id, seeded.id)).toEqual(done)
    })
  })
}
