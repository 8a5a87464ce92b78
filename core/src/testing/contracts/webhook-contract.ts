import { describe, expect, it } from 'vitest'
import type { Project } from '../../access/index.ts'
import { newId } from '../../ids.ts'
import type { ClaimedDelivery, DeliveryClaim, Webhook, WebhookMessage } from '../../webhooks/index.ts'
import { seedProject } from '../seed.ts'
import type { DatabaseHarness } from './harness.ts'
import { useHarness } from './use-harness.ts'

const NOW = new Date('2026-03-01T12:00:00.000Z')
const after = (seconds: number) => new Date(NOW.getTime() + seconds * 1000)

const webhookOf = (project: Project, more: Partial<Webhook> = {}): Webhook => ({
  ...{
    id: newId(),
    organizationId: project.organizationId,
    projectId: project.id,
    url: 'https://a.test/',
    description: '',
  },
  ...{ events: ['image.ready'], secrets: [{ sealed: 's1', expiresAt: null }], disabled: null },
  ...{ createdAt: NOW, updatedAt: NOW },
  ...more,
})

const messageOf = (project: Project, more: Partial<WebhookMessage> = {}): WebhookMessage => ({
  ...{ id: newId(), projectId: project.id, event: 'image.ready', body: '{"a":"é \\u0000"}', at: NOW },
  ...more,
})

/** What every store of webhooks does. Suites on the same database may have deliveries of their own. */
export function webhookStoreContract(name: string, factory: () => Promise<DatabaseHarness>): void {
  describe(`webhook store contract: ${name}`, () => {
    const harness = useHarness(factory)
    const store = () => harness().database.webhooks
    const keyOf = (webhook: Webhook) => ({ organizationId: webhook.organizationId, webhookId: webhook.id })
    const add = async (project: Project, more: Partial<Webhook> = {}) => {
      const webhook = webhookOf(project, more)
      await store().add(webhook)
      return webhook
    }
    const claim = (more: Partial<DeliveryClaim> = {}) =>
      store().claimDeliveries({
        ...{ now: NOW, leaseUntil: after(60), token: 'a', limit: 1_000, perWebhook: 2 },
        ...more,
      })
    const of = (claimed: readonly ClaimedDelivery[], webhook: Webhook) =>
      claimed.filter(each => each.webhook.id === webhook.id)
    const log = (webhook: Webhook) =>
      store().listDeliveries({ ...keyOf(webhook), status: null, before: null, limit: 50 })
    const settle = (each: ClaimedDelivery, status: 'succeeded' | 'failed' | 'pending', nextAttemptAt: Date | null) =>
      store().settleDelivery({
        key: { ...each.delivery, webhookId: each.webhook.id, deliveryId: each.delivery.id },
        ...{ token: each.token, status, nextAttemptAt },
        attempt: {
          ...{ number: each.delivery.attempts + 1, at: NOW, durationMs: 12, status: 500, error: null, answer: 'no' },
        },
      })

    it('keeps webhooks of an organisation, newest first, by project', async () => {
      const project = await seedProject(harness().database)
      const { organizationId } = project
      const first = await add(project, { id: `01${newId().slice(2)}` })
      const second = await add(project, { id: `02${newId().slice(2)}`, projectId: null, events: ['image.failed'] })
      expect(await store().find(organizationId, first.id)).toEqual(first)
      expect(await store().find(newId(), first.id)).toBeNull()
      const query = { organizationId, projectIds: null, before: null, limit: 10 }
      expect(await store().list(query)).toEqual([second, first])
      expect(await store().list({ ...query, projectIds: [project.id] })).toEqual([first])
      expect(await store().list({ ...query, before: second.id })).toEqual([first])
      expect(await store().countLocked(organizationId, project.id)).toBe(1)
      expect(await store().countLocked(organizationId, null)).toBe(1)
      const secrets = [
        { sealed: 's2', expiresAt: null },
        { sealed: 's1', expiresAt: after(5) },
      ]
      const change = { secrets, disabled: { at: after(1), reason: 'gone' as const }, updatedAt: after(1) }
      await store().change(keyOf(first), change)
      expect(await store().find(organizationId, first.id)).toEqual({ ...first, ...change })
      expect(await store().remove({ organizationId: newId(), webhookId: first.id })).toBe(false)
      expect(await store().remove(keyOf(first))).toBe(true)
      expect(await store().find(organizationId, first.id)).toBeNull()
    })

    it('takes none into a project that is gone, and shows none of it', async () => {
      const project = await seedProject(harness().database)
      const webhook = await add(project)
      await harness().database.transaction(tx => tx.projects.markDeleted(project.id, NOW))
      await expect(store().add(webhookOf(project))).rejects.toMatchObject({ code: 'not_found' })
      expect(await store().find(project.organizationId, webhook.id)).toBeNull()
    })

    it('queues a message for every webhook that wants it, in the transaction of the event', async () => {
      const project = await seedProject(harness().database)
      const other = await seedProject(harness().database, { organizationId: project.organizationId, name: 'other' })
      const foreign = await seedProject(harness().database)
      const own = await add(project)
      const all = await add(project, { projectId: null, events: ['image.ready', 'image.deleted'] })
      const none = [
        await add(project, { events: ['image.failed'] }),
        await add(project, { disabled: { at: NOW, reason: 'by_hand' } }),
        await add(other),
        await add(foreign, { projectId: null }),
      ]
      const [ready, deleted] = [messageOf(project), messageOf(project, { event: 'image.deleted' })]
      await harness().database.transaction(tx => tx.webhooks.queueDeliveries([ready, deleted]))
      expect(await log(own)).toEqual([
        {
          ...{ ...ready, webhookId: own.id, organizationId: project.organizationId, status: 'pending', attempts: 0 },
          ...{ tries: 0, retrySince: NOW, nextAttemptAt: NOW, log: [] },
        },
      ])
      expect((await log(all)).map(({ id }) => id).sort()).toEqual([ready.id, deleted.id].sort())
      for (const webhook of none) expect(await log(webhook)).toEqual([])
      const broken = harness().database.transaction(async tx => {
        await tx.webhooks.queueDeliveries([messageOf(project)])
        throw new Error('no')
      })
      await expect(broken).rejects.toThrow('no')
      expect(await log(own)).toHaveLength(1)
      await store().remove(keyOf(own))
      await store().remove(keyOf(all))
    })

    it('gives a delivery to one of many, a few of one webhook at a time, until the lease is over', async () => {
      const project = await seedProject(harness().database)
      const [slow, fast] = [await add(project), await add(project)]
      const messages = Array.from({ length: 5 }, () => messageOf(project))
      await store().queueDeliveries(messages)
      const rounds = await Promise.all(['a', 'b', 'c'].map(token => claim({ token })))
      const taken = rounds.flat()
      for (const webhook of [slow, fast]) {
        const mine = of(taken, webhook)
        expect(mine).toHaveLength(2)
        expect(new Set(mine.map(each => each.delivery.id)).size).toBe(2)
        expect(mine[0]?.webhook).toEqual({ id: webhook.id, url: webhook.url, secrets: webhook.secrets })
      }
      expect(await settle(of(taken, fast)[0] ?? expect.fail(), 'succeeded', null)).toBe(true)
      expect(of(await claim({ token: 'd' }), fast)).toHaveLength(1)
      expect(of(await claim({ token: 'e' }), slow)).toEqual([])
      const late = await claim({ now: after(61), leaseUntil: after(120), token: 'f' })
      expect(of(late, slow)).toHaveLength(2)
      // Whoever held it before has lost it.
      expect(await settle(of(taken, slow)[0] ?? expect.fail(), 'succeeded', null)).toBe(false)
      await store().change(keyOf(slow), { disabled: { at: NOW, reason: 'gone' } })
      expect(of(await claim({ now: after(500) }), slow)).toEqual([])
      await store().remove(keyOf(slow))
      await store().remove(keyOf(fast))
    })

    it('logs every try, and sends again by hand', async () => {
      const project = await seedProject(harness().database)
      const webhook = await add(project)
      const [old, young] = [messageOf(project, { at: after(-100) }), messageOf(project)]
      await store().queueDeliveries([old, young])
      for (const each of of(await claim(), webhook)) await settle(each, 'pending', after(5))
      expect(of(await claim({ now: after(4) }), webhook)).toEqual([])
      for (const each of of(await claim({ now: after(5) }), webhook)) await settle(each, 'failed', null)
      const [first] = await log(webhook)
      expect(first).toMatchObject({ status: 'failed', attempts: 2, tries: 2, nextAttemptAt: null })
      expect(first?.log).toEqual(
        [1, 2].map(number => ({ number, at: NOW, durationMs: 12, status: 500, error: null, answer: 'no' })),
      )
      expect(await store().replayFailed(keyOf(webhook), NOW, after(9))).toBe(1)
      const again = of(await claim({ now: after(9) }), webhook)
      expect(again.map(each => each.delivery)).toMatchObject([
        { id: young.id, attempts: 2, tries: 0, retrySince: after(9) },
      ])
      for (const each of again) await settle(each, 'succeeded', null)
      const key = { ...keyOf(webhook), deliveryId: young.id }
      expect(await store().replayDelivery(key, after(10))).toMatchObject({ status: 'pending', attempts: 3, tries: 0 })
      expect(await store().replayDelivery({ ...key, deliveryId: newId() }, NOW)).toBeNull()
      expect(await store().replayDelivery({ ...key, organizationId: newId() }, NOW)).toBeNull()
      const failed = { ...keyOf(webhook), status: 'failed' as const, before: null, limit: 5 }
      expect((await store().listDeliveries(failed)).map(({ id }) => id)).toEqual([old.id])
      expect(await store().pruneDeliveries(after(-50))).toBeGreaterThanOrEqual(1)
      expect((await log(webhook)).map(({ id }) => id)).toEqual([young.id])
      await store().remove(keyOf(webhook))
    })
  })
}
