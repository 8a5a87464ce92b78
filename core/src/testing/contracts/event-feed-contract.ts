import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import type { StoredEvent } from '../../events/index.ts'
import { seedProject } from '../seed.ts'
import type { EventFeedHarness } from './harness.ts'
import { useHarness } from './use-harness.ts'

const textOf = (event: StoredEvent) => event.payload.text

/** What every event feed does. */
export function eventFeedContract(name: string, factory: () => Promise<EventFeedHarness>): void {
  describe(`event feed contract: ${name}`, () => {
    const harness = useHarness(factory)
    const db = () => harness().database
    const newProject = async () => (await seedProject(db())).id
    const event = (projectId: string, text: string) => ({ projectId, type: 'image.status' as const, payload: { text } })
    const append = (projectId: string, ...texts: string[]) =>
      db().transaction(async tx => {
        for (const text of texts) await tx.events.append(event(projectId, text))
      })
    async function follow(projectId: string, after: string | null) {
      const events: StoredEvent[] = []
      const { ready, unsubscribe } = harness().feed.subscribe(projectId, after, each => void events.push(each))
      await ready
      const expectTexts = (...texts: string[]) =>
        vi.waitFor(() => expect(events.map(textOf)).toEqual(texts), { timeout: 8_000, interval: 5 })
      return { events, unsubscribe, expectTexts }
    }

    it('tells a subscriber what is committed from now on, in order', async () => {
      const projectId = await newProject()
      await append(projectId, 'before')
      const { events, unsubscribe, expectTexts } = await follow(projectId, null)
      await append(projectId, 'one', 'two')
      await append(projectId, 'three')
      await expectTexts('one', 'two', 'three')
      expect(events[0]).toMatchObject({ projectId, type: 'image.status', payload: { text: 'one' } })
      expect(events[0]?.at).toBeInstanceOf(Date)
      expect(new Set(events.map(each => each.cursor)).size).toBe(3)
      unsubscribe()
    })

    it('tells nothing of other projects and nothing that was taken back', async () => {
      const [mine, other] = [await newProject(), await newProject()]
      const { unsubscribe, expectTexts } = await follow(mine, null)
      const lost = db().transaction(async tx => {
        await tx.events.append(event(mine, 'lost'))
        throw new Error('stop')
      })
      await expect(lost).rejects.toThrow('stop')
      await append(other, 'foreign')
      await append(mine, 'own')
      await expectTexts('own')
      unsubscribe()
    })

    it('resumes after any cursor, without a gap and without a repetition', async () => {
      const projectId = await newProject()
      const first = await follow(projectId, null)
      await append(projectId, 'one', 'two')
      await append(projectId, 'three')
      await append(projectId, 'four')
      await first.expectTexts('one', 'two', 'three', 'four')
      first.unsubscribe()
      for (const [index, { cursor }] of first.events.entries()) {
        const resumed = await follow(projectId, cursor)
        await resumed.expectTexts(...['one', 'two', 'three', 'four'].slice(index + 1))
        resumed.unsubscribe()
      }
      const live = await follow(projectId, first.events[2]?.cursor ?? null)
      await append(projectId, 'five')
      await live.expectTexts('four', 'five')
      live.unsubscribe()
    })

    it('does not skip what an older transaction commits later', async () => {
      const projectId = await newProject()
      const { events, unsubscribe } = await follow(projectId, null)
      const slow = db().transaction(async tx => {
        await tx.events.append(event(projectId, 'slow'))
        await sleep(150)
      })
      await sleep(20)
      await Promise.all([slow, append(projectId, 'fast')])
      await vi.waitFor(() => expect(events).toHaveLength(2), { timeout: 8_000, interval: 5 })
      expect(new Set(events.map(textOf))).toEqual(new Set(['slow', 'fast']))
      const resumed = await follow(projectId, events[0]?.cursor ?? null)
      await vi.waitFor(() => expect(resumed.events).toEqual(events.slice(1)), { timeout: 8_000, interval: 5 })
      unsubscribe()
      resumed.unsubscribe()
    })

    it('tells a busy project’s events once each and in order to everybody', async () => {
      const projectId = await newProject()
      const [one, two] = [await follow(projectId, null), await follow(projectId, null)]
      await Promise.all(Array.from({ length: 30 }, (_, index) => append(projectId, `${index}a`, `${index}b`)))
      for (const { events } of [one, two])
        await vi.waitFor(() => expect(events).toHaveLength(60), { timeout: 8_000, interval: 5 })
      expect(two.events).toEqual(one.events)
      expect(new Set(one.events.map(textOf)).size).toBe(60)
      one.unsubscribe()
      two.unsubscribe()
    })

    it('tells nothing after unsubscribing', async () => {
      const projectId = await newProject()
      const [gone, witness] = [await follow(projectId, null), await follow(projectId, null)]
      gone.unsubscribe()
      gone.unsubscribe()
      await append(projectId, 'one')
      await witness.expectTexts('one')
      expect(gone.events).toEqual([])
      witness.unsubscribe()
    })

    it('tells the events of all projects to who asks for all', async () => {
      const [one, two] = [await newProject(), await newProject()]
      const texts: unknown[] = []
      const { unsubscribe } = harness().feed.subscribeAll(each => {
        if ([one, two].includes(each.projectId)) texts.push(textOf(each))
      })
      await append(one, 'of one')
      await append(two, 'of two')
      await vi.waitFor(() => expect(texts).toEqual(['of one', 'of two']), { timeout: 8_000, interval: 5 })
      unsubscribe()
    })

    it('refuses a cursor that is none', async () => {
      const projectId = await newProject()
      const { ready } = harness().feed.subscribe(projectId, 'nonsense', () => undefined)
      await expect(ready).rejects.toMatchObject({ code: 'invalid_cursor' })
    })
  })
}
