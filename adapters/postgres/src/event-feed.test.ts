import type { StoredEvent } from '@calotype/core'
import { seedProject } from '@calotype/core/testing'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type RunningEventFeed, startEventFeed } from './event-feed.ts'
import { EVENT_BATCH } from './limits.ts'
import { pruneEvents } from './prune-events.ts'
import { openTestDatabase } from './testing/test-database.ts'
import { silentLog, until } from './testing/test-world.ts'

describe('the event feed', () => {
  let opened: Awaited<ReturnType<typeof openTestDatabase>>
  let feed: RunningEventFeed
  let projectId = ''

  beforeAll(async () => {
    opened = await openTestDatabase()
    feed = await startEventFeed({ handle: opened.handle, log: silentLog })
  })
  afterAll(async () => {
    await feed.stop()
    await opened.close()
  })
  beforeEach(async () => {
    projectId = (await seedProject(opened.database)).id
  })

  const append = (n: number) => opened.database.events.append({ projectId, type: 'image.status', payload: { n } })
  const numbers = (events: readonly StoredEvent[]) => events.map(event => event.payload.n)

  async function collect(after: string | null): Promise<{ events: StoredEvent[]; unsubscribe(): void }> {
    const events: StoredEvent[] = []
    const { ready, unsubscribe } = feed.subscribe(projectId, after, event => events.push(event))
    await ready
    return { events, unsubscribe }
  }

  /** A transaction of another program that wrote an event and is still open. */
  async function lateWriter(n: number): Promise<{ commit(): Promise<void> }> {
    const client = new pg.Client(opened.test.connection)
    await client.connect()
    await client.query('begin')
    await client.query(`insert into events (project_id, type, payload) values ($1, 'image.status', $2)`, [
      projectId,
      JSON.stringify({ n }),
    ])
    return {
      commit: async () => {
        await client.query('commit')
        await client.end()
      },
    }
  }

  it('tells what happens from now on, at once', async () => {
    await append(0)
    const { events } = await collect(null)
    const began = performance.now()
    await append(1)
    await until(() => events.length === 1)
    expect(performance.now() - began).toBeLessThan(1_000)
    await append(2)
    await until(() => events.length === 2)
    expect(numbers(events)).toEqual([1, 2])
  })

  it('waits for a transaction that commits late, skips nothing and repeats nothing', async () => {
    const { events } = await collect(null)
    const late = await lateWriter(1)
    await append(2)
    await new Promise(resolve => setTimeout(resolve, 200))
    expect(numbers(events)).toEqual([])
    await late.commit()
    await until(() => events.length === 2)
    expect(numbers(events)).toEqual([1, 2])
    await append(3)
    await until(() => events.length === 3)
    expect(numbers(events)).toEqual([1, 2, 3])
  })

  it('replays after a cursor and goes on live', async () => {
    const first = await collect(null)
    for (const n of [1, 2, 3]) await append(n)
    await until(() => first.events.length === 3)
    const again = await collect(first.events[0]?.cursor ?? '')
    await append(4)
    await until(() => again.events.length === 3)
    expect(numbers(again.events)).toEqual([2, 3, 4])
  })

  it('replays more than one read while new events come, each once and in order', async () => {
    const start = await collect(null)
    await append(0)
    await until(() => start.events.length === 1)
    const total = EVENT_BATCH * 2 + 50
    await opened.test.query(
      `insert into events (project_id, type, payload)
       select $1, 'image.status', jsonb_build_object('n', n) from generate_series(1, $2::int) n`,
      [projectId, total],
    )
    const writing = Promise.all([1, 2, 3, 4].map(i => append(total + i)))
    const { events } = await collect(start.events[0]?.cursor ?? '')
    await writing
    await until(() => events.length === total + 4)
    expect(numbers(events).slice(0, total)).toEqual(Array.from({ length: total }, (_, i) => i + 1))
    expect(new Set(numbers(events)).size).toBe(total + 4)
  })

  it('gives every event once to subscribers that come and go under load', async () => {
    const base = await collect(null)
    await append(0)
    await until(() => base.events.length === 1)
    const cursor = base.events[0]?.cursor ?? ''
    const total = 300
    const writing = (async () => {
      for (let n = 1; n <= total; n += 10) {
        await Promise.all(
          Array.from({ length: 10 }, (_, i) =>
            opened.database.transaction(async tx => {
              await tx.events.append({ projectId, type: 'image.status', payload: { n: n + i } })
              await new Promise(resolve => setTimeout(resolve, Math.random() * 5))
            }),
          ),
        )
      }
    })()
    const readers: { events: StoredEvent[] }[] = []
    for (let i = 0; i < 20; i++) {
      readers.push(await collect(cursor))
      await new Promise(resolve => setTimeout(resolve, 5))
    }
    await writing
    await until(() => readers.every(reader => reader.events.length >= total))
    const order = numbers(readers[0]?.events ?? [])
    expect(new Set(order).size).toBe(total)
    for (const reader of readers) expect(numbers(reader.events)).toEqual(order)
  })

  it('keeps projects apart, and tells everything to those who ask for everything', async () => {
    const mine = await collect(null)
    const all: StoredEvent[] = []
    const { unsubscribe } = feed.subscribeAll(event => all.push(event))
    const other = (await seedProject(opened.database)).id
    await opened.database.events.append({ projectId: other, type: 'image.status', payload: { n: 9 } })
    await append(1)
    await until(() => all.length >= 2)
    unsubscribe()
    expect(numbers(mine.events)).toEqual([1])
    expect(all.filter(event => event.projectId === other)).toHaveLength(1)
  })

  it('stops telling after unsubscribing', async () => {
    const { events, unsubscribe } = await collect(null)
    unsubscribe()
    const other = await collect(null)
    await append(1)
    await until(() => other.events.length === 1)
    expect(events).toEqual([])
  })

  it('refuses cursors that are none', async () => {
    for (const cursor of ['', 'x', '1', '1-', '-1', '1-2-3', '1--2', `${'9'.repeat(20)}-1`, '18446744073709551615-1']) {
      const { ready } = feed.subscribe(projectId, cursor, () => {})
      await expect(ready).rejects.toMatchObject({ kind: 'invalid', code: 'invalid_cursor' })
    }
  })

  it('goes on after its connection was lost, without a gap', async () => {
    const { events } = await collect(null)
    await append(1)
    await until(() => events.length === 1)
    await opened.test.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'calotype events'
       and datname = current_database()`,
    )
    await append(2)
    await until(() => events.length === 2)
    await append(3)
    await until(() => events.length === 3)
    expect(numbers(events)).toEqual([1, 2, 3])
  })

  it('forgets events that are too old', async () => {
    await append(1)
    await opened.test.query(`update events set created_at = now() - interval '25 hours' where project_id = $1`, [
      projectId,
    ])
    await append(2)
    expect(await pruneEvents(opened.handle, new Date())).toBe(1)
    expect(await opened.test.query('select payload from events where project_id = $1', [projectId])).toEqual([
      { payload: { n: 2 } },
    ])
  })
})
