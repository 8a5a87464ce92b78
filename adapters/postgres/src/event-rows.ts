import type { EventType, StoredEvent } from '@calotype/core'
import { type EventPosition, toCursor } from './event-cursor.ts'

export interface EventRow {
  project_id: string
  xid: string
  id: string
  type: EventType
  payload: Record<string, unknown>
  created_at: Date
  /** Whether every transaction that could still bring an earlier event is over (law of events). */
  settled: boolean
}

/** An event with its place in the order. */
export interface PlacedEvent {
  event: StoredEvent
  position: EventPosition
}

/** Ids as text, because their parser depends on the connection that reads them. */
const COLUMNS = `project_id, xid::text as xid, id::text as id, type, payload, created_at,
  xid < pg_snapshot_xmin(pg_current_snapshot()) as settled`

/**
 * Events after a position, in order, those that may not be read yet at the end. The order names the table: by
 * itself, `xid` would mean the text that is selected.
 */
export const EVENTS_AFTER = `select ${COLUMNS} from events
  where (xid, id) > ($1::text::xid8, $2::text::bigint) order by events.xid, events.id limit $3`
export const PROJECT_EVENTS_AFTER = `select ${COLUMNS} from events
  where project_id = $4 and (xid, id) > ($1::text::xid8, $2::text::bigint) order by events.xid, events.id limit $3`

export function toPlacedEvent(row: EventRow): PlacedEvent {
  const position = { xid: BigInt(row.xid), id: BigInt(row.id) }
  return {
    position,
    event: {
      cursor: toCursor(position),
      projectId: row.project_id,
      type: row.type,
      payload: row.payload,
      at: row.created_at,
    },
  }
}
