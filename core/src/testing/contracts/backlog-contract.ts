import { describe, expect, it } from 'vitest'
import type { Project } from '../../access/index.ts'
import { newId } from '../../ids.ts'
import type { JobName } from '../../jobs/index.ts'
import type { Webhook } from '../../webhooks/index.ts'
import { seedImage, seedProject } from '../seed.ts'
import type { JobQueueHarness } from './harness.ts'
import { useHarness } from './use-harness.ts'

const JOB: JobName = 'mail.send'

const hookOf = ({ organizationId, id }: Project, at: Date): Webhook => ({
  ...{ id: newId(), organizationId, projectId: id, url: 'https://a.test/', description: '', events: ['image.ready'] },
  ...{ secrets: [{ sealed: 's', expiresAt: null }], disabled: null, createdAt: at, updatedAt: at },
})

/** What every backlog store does. Here no other runner may take jobs. */
export function backlogContract(name: string, make: () => Promise<JobQueueHarness>): void {
  describe(`backlog contract: ${name}`, () => {
    const harness = useHarness(make)
    const enqueue = (runAt: Date) =>
      harness().database.jobs.enqueue(
        JOB,
        { requestId: 'request', mailId: newId(), expiresAt: new Date().toISOString(), sealed: 'x' },
        { runAt },
      )
    const find = async () => {
      const { jobs } = await harness().database.backlog.find(new Date())
      return jobs.find(({ job }) => job === JOB) ?? null
    }

    it('tells of jobs that wait and run, and since when the oldest is due', async () => {
      expect(await find()).toBeNull()
      const [due, later] = [new Date(Date.now() - 60_000), new Date(Date.now() + 3_600_000)]
      await enqueue(later)
      expect(await find()).toEqual({ job: JOB, waiting: 1, running: 0, givenUp: 0, oldestDue: null })
      await enqueue(due)
      expect(await find()).toEqual({ job: JOB, waiting: 2, running: 0, givenUp: 0, oldestDue: due })
      const seen: unknown[] = []
      const look = async () => void seen.push(await find())
      await harness().runDue({ [JOB]: look })
      expect(seen).toEqual([{ job: JOB, waiting: 1, running: 1, givenUp: 0, oldestDue: null }])
    })

    it('tells of jobs that were given up', async () => {
      await harness().database.jobs.enqueue('audit.seal', { requestId: 'request' })
      await harness().runDue({
        'audit.seal': async () => {
          throw new Error('no')
        },
      })
      const sealing = async () =>
        (await harness().database.backlog.find(new Date())).jobs.find(({ job }) => job === 'audit.seal')
      await expect.poll(sealing).toMatchObject({ waiting: 0, running: 0, givenUp: 1, oldestDue: null })
    })

    it('tells what waits to go out, and since when', async () => {
      const { database } = harness()
      const outgoing = async () => {
        const { messages, deliveries } = await database.backlog.find(new Date())
        return { messages, deliveries }
      }
      const nothing = { waiting: 0, oldest: null }
      expect(await outgoing()).toEqual({ messages: nothing, deliveries: nothing })
      const [at, later] = [new Date('2026-03-01T12:00:00.000Z'), new Date('2026-03-01T12:00:05.000Z')]
      const project = await seedProject(database)
      const { projectId, id: imageId } = await seedImage(database, project, { status: 'ready', at })
      for (const time of [later, at])
        await database.pipeline.add({ id: newId(), projectId, imageId, types: ['rust'], priority: 'low', at: time })
      await database.webhooks.add(hookOf(project, at))
      await database.webhooks.queueDeliveries([{ id: newId(), projectId, event: 'image.ready', body: '{}', at }])
      expect(await outgoing()).toEqual({ messages: { waiting: 2, oldest: at }, deliveries: { waiting: 1, oldest: at } })
      const claimed = await database.pipeline.claim({ now: later, leaseUntil: later, token: 'a', limit: 10 })
      const done = { status: 'delivered' as const, lastError: null, nextAttemptAt: null }
      await database.pipeline.settle(
        'a',
        claimed.map(({ id }) => ({ id, projectId, ...done })),
        later,
      )
      expect((await outgoing()).messages.waiting).toBe(2 - claimed.length)
      expect(claimed.length).toBeGreaterThan(0)
    })
  })
}
