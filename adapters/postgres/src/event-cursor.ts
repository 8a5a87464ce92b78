import { invalidCursor } from './errors.ts'

/** Where a reader stands in the one order of all events: by transaction, then by sequence. */
export interface EventPosition {
  xid: bigint
  id: bigint
}

const CURSOR = /^(\d{1,20})-(\d{1,19})$/
const MAX_XID = 2n ** 64n - 1n
const MAX_ID = 2n ** 63n - 1n

export const toCursor = (position: EventPosition): string => `${position.xid}-${position.id}`

/** Rejects what no cursor of ours looks like with `invalid_cursor`. */
export function parseCursor(text: string): EventPosition {
  const parts = CURSOR.exec(text)
  if (!parts) throw invalidCursor()
  const position = { xid: BigInt(parts[1] ?? ''), id: BigInt(parts[2] ?? '') }
  if (position.xid > MAX_XID || position.id > MAX_ID) throw invalidCursor()
  return position
}

export const isAfter = (one: EventPosition, other: EventPosition): boolean =>
  one.xid === other.xid ? one.id > other.id : one.xid > other.xid

/** A moment as PostgreSQL sees it: which transactions had been committed (`pg_current_snapshot()` as text). */
export interface Snapshot {
  xmin: bigint
  xmax: bigint
  running: ReadonlySet<bigint>
}

export function parseSnapshot(text: string): Snapshot {
  const [xmin = '0', xmax = '0', running = ''] = text.split(':')
  return {
    xmin: BigInt(xmin),
    xmax: BigInt(xmax),
    running: new Set(running.split(',').filter(Boolean).map(BigInt)),
  }
}

/** Whether what the transaction wrote was there at that moment (it is known to have been committed since). */
export const wasVisible = (snapshot: Snapshot, xid: bigint): boolean =>
  xid < snapshot.xmin || (xid < snapshot.xmax && !snapshot.running.has(xid))
