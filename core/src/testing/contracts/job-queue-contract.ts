import { describe, expect, it } from 'vitest'
import { newId } from '../../ids.ts'
import type { JobRun } from '../../jobs/index.ts'
import { seedProject } from '../seed.ts'
import type { JobQueueHarness } from './harness.ts'
import { useHarness } from './use-harness.ts'

/** What every job queue and its runner do. */
export function jobQueueContract(name: string, factory: () => Promise<JobQueueHarness>): void {
  describe(`job queue contract: ${name}`, () => {
    const harness = useHarness(factory)
    const newPayload = () => ({ projectId: newId(), imageId: newId(), requestId: 'request' })
    type Payload = ReturnType<typeof newPayload>
    const enqueue = (payload: Payload, options: { runAt?: Date; key?: string; priority?: number } = {}) =>
      harness().database.jobs.enqueue('image.process', payload, options)
    /** Runs what is due; the answer tells which of these were run, in order. */
    async function runDue(fail?: Error): Promise<{ payload: Payload; run: JobRun }[]> {
      const runs: { payload: Payload; run: JobRun }[] = []
      const handler = async (payload: Payload, run: JobRun) => {
        runs.push({ payload, run })
        if (fail) throw fail
      }
      await harness().runDue({ 'image.process': handler })
      return runs
    }
    const payloadsRun = async () => (await runDue()).map(({ payload }) => payload)

    it('runs a job once, with its payload and its first attempt', async () => {
      const payload = newPayload()
      await enqueue(payload)
      const runs = await runDue()
      const times = { firstQueuedAt: expect.any(Date), dueAt: expect.any(Date) }
      expect(runs).toEqual([{ payload, run: { attempt: 1, maxAttempts: 20, trace: null, ...times } }])
      expect(await runDue()).toEqual([])
    })

    it('takes a trace along, beside the payload', async () => {
      const payload = newPayload()
      const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
      await harness().database.jobs.enqueue('image.process', payload, { trace })
      expect(await runDue()).toMatchObject([{ payload, run: { trace } }])
    })

    it('enqueues with the transaction or not at all', async () => {
      const { database } = harness()
      const project = await seedProject(database)
      const payload = { ...newPayload(), projectId: project.id }
      await database.transaction(async tx => tx.jobs.enqueue('image.process', payload))
      const lost = database.transaction(async tx => {
        await tx.jobs.enqueue('image.process', newPayload())
        throw new Error('stop')
      })
      await expect(lost).rejects.toThrow('stop')
      expect(await payloadsRun()).toEqual([payload])
    })

    it('makes one job of those that wait under one key', async () => {
      const payload = newPayload()
      const key = `image.process:${payload.imageId}`
      for (let time = 0; time < 3; time++) await enqueue(payload, { key })
      expect(await payloadsRun()).toEqual([payload])
      await enqueue(payload, { key })
      expect(await payloadsRun()).toEqual([payload])
    })

    it('runs a job anew that is enqueued under the same key while it runs', async () => {
      const payload = newPayload()
      const key = `image.process:${payload.imageId}`
      await enqueue(payload, { key })
      let runs = 0
      const handler = async () => {
        runs += 1
        if (runs === 1) await enqueue(payload, { key })
      }
      await harness().runDue({ 'image.process': handler })
      await harness().runDue({ 'image.process': handler })
      expect(runs).toBe(2)
    })

    it('waits until a job is due', async () => {
      const payload = newPayload()
      await enqueue(payload, { runAt: new Date(Date.now() + 3_600_000) })
      expect(await payloadsRun()).toEqual([])
      await harness().passTime(3_700_000)
      expect(await payloadsRun()).toEqual([payload])
    })

    it('runs a lower priority number first', async () => {
      const [low, normal, high] = [newPayload(), newPayload(), newPayload()]
      await enqueue(low, { priority: 10 })
      await enqueue(normal)
      await enqueue(high, { priority: -10 })
      expect(await payloadsRun()).toEqual([high, normal, low])
    })

    it('tries a failed job again, not at once but later, and counts', async () => {
      const payload = newPayload()
      await enqueue(payload)
      expect(await runDue(new Error('storage is away'))).toHaveLength(1)
      expect(await runDue()).toEqual([])
      await harness().passTime(60_000)
      expect(await runDue()).toMatchObject([{ payload, run: { attempt: 2 } }])
      await harness().passTime(3_600_000)
      expect(await runDue()).toEqual([])
    })

    it('tells how a job stands', async () => {
      const payload = newPayload()
      const key = `image.process:${payload.imageId}`
      const find = () => harness().database.jobs.find(key)
      expect(await find()).toBeNull()
      const runAt = new Date(Date.now() + 3_600_000)
      await enqueue(payload, { key, runAt })
      const waiting = { state: 'waiting', runAt, attempt: 0, maxAttempts: 20, worker: null }
      expect(await find()).toEqual(waiting)
      await harness().passTime(3_700_000)
      const seen: unknown[] = []
      const handler = async () => {
        seen.push(await find())
        throw new Error('storage is away')
      }
      await harness().runDue({ 'image.process': handler })
      expect(seen).toMatchObject([{ state: 'running', attempt: 1, worker: expect.any(String) }])
      await expect.poll(find).toMatchObject({ state: 'waiting', attempt: 1, worker: null })
      expect((await find())?.runAt.getTime()).toBeGreaterThan(Date.now() - 3_600_000)
      await harness().passTime(3_700_000)
      await harness().runDue({ 'image.process': async () => {} })
      // A runner may write the end of a job a moment after it.
      await expect.poll(find).toBeNull()
      await harness().database.jobs.enqueue('care.sweep', { requestId: 'request' }, { key })
      await harness().runDue({ 'care.sweep': handler })
      await expect.poll(find).toMatchObject({ state: 'given_up', attempt: 1, maxAttempts: 1, worker: null })
    })

    it('gives a job up after its last attempt', async () => {
      const { database } = harness()
      await database.jobs.enqueue('care.sweep', { requestId: 'request' })
      let runs = 0
      const handler = async () => {
        runs += 1
        throw new Error('no')
      }
      for (let time = 0; time < 3; time++) {
        await harness().runDue({ 'care.sweep': handler })
        await harness().passTime(3_600_000)
      }
      expect(runs).toBe(1)
    })
  })
}
