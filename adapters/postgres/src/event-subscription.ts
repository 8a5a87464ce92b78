import type { StoredEvent } from '@calotype/core'
import { CompiledQuery, type Kysely, sql } from 'kysely'
import { invalidCursor } from './errors.ts'
import { type EventPosition, isAfter, parseCursor, parseSnapshot, type Snapshot, wasVisible } from './event-cursor.ts'
import { type EventRow, type PlacedEvent, PROJECT_EVENTS_AFTER, toPlacedEvent } from './event-rows.ts'
import { EVENT_BATCH, EVENT_BUFFER } from './limits.ts'
import type { Tables } from './tables.ts'

/** One reader of one project's events. It buffers what comes live until it knows where it stands. */
export interface EventSubscription {
  readonly projectId: string
  /** Takes an event of the live reader, in order. */
  take(placed: PlacedEvent): void
  /** Finds the start (or replays from the cursor); from then on every event after it comes once and in order. */
  begin(kysely: Kysely<Tables>, after: string | null): Promise<void>
  close(): void
}

export function createEventSubscription(projectId: string, deliver: (event: StoredEvent) => void): EventSubscription {
  let open = true
  let live = false
  let overflowed = false
  let buffer: PlacedEvent[] = []
  let position: EventPosition = { xid: 0n, id: 0n }
  /** Without a cursor: what was there at the start is none of this subscriber's business. */
  let since: Snapshot | null = null

  const pass = (placed: PlacedEvent): void => {
    if (!open || !isAfter(placed.position, position)) return
    position = placed.position
    if (!since || !wasVisible(since, placed.position.xid)) deliver(placed.event)
  }

  /** Reads up to the present. What the live reader had before a read is in that read, so the buffer starts anew with each. */
  async function replay(kysely: Kysely<Tables>): Promise<void> {
    for (;;) {
      overflowed = false
      buffer = []
      const rows = await readAfter(kysely, projectId, position)
      for (const row of rows) if (row.settled) pass(toPlacedEvent(row))
      const complete = rows.length < EVENT_BATCH || rows.at(-1)?.settled === false
      if (!open || (complete && !overflowed)) return
    }
  }

  return {
    projectId,
    take: placed => {
      if (live) pass(placed)
      else if (buffer.length < EVENT_BUFFER) buffer.push(placed)
      else overflowed = true
    },
    begin: async (kysely, after) => {
      const start = after === null ? null : parseCursor(after)
      const now = await readSnapshot(kysely)
      if (start && start.xid >= now.xmax) throw invalidCursor()
      if (!start) since = now
      position = start ?? { xid: now.xmin, id: 0n }
      if (start || overflowed) await replay(kysely)
      live = true
      for (const placed of buffer) pass(placed)
      buffer = []
    },
    close: () => {
      open = false
      buffer = []
    },
  }
}

async function readSnapshot(kysely: Kysely<Tables>): Promise<Snapshot> {
  const { rows } = await sql<{ snapshot: string }>`select pg_current_snapshot()::text as snapshot`.execute(kysely)
  return parseSnapshot(rows[0]?.snapshot ?? '')
}

async function readAfter(kysely: Kysely<Tables>, projectId: string, position: EventPosition): Promise<EventRow[]> {
  const values = [String(position.xid), String(position.id), EVENT_BATCH, projectId]
  const { rows } = await kysely.executeQuery<EventRow>(CompiledQuery.raw(PROJECT_EVENTS_AFTER, values))
  return rows
}
