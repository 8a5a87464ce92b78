import type { Clock } from '../clock.ts'
import { newId } from '../ids.ts'
import type { SecurityEntry, SecurityNote } from './security-entry.ts'
import type { SecurityLog } from './security-log.ts'

/** Repeats of the same refusal within this time are one entry with a count. */
export const REPEAT_WINDOW_MS = 60_000
/** Different entries of one organisation within a minute; past it they are only counted, one entry for each event. */
export const MAX_ENTRIES_PER_MINUTE = 300
/** Entries kept in memory at a time, of all organisations; past it new ones are lost, and how many is told. */
export const MAX_BUFFERED_ENTRIES = 10_000

export const REST_DETAIL = `More than ${MAX_ENTRIES_PER_MINUTE} different entries within a minute: the rest is only counted here.`

/** A note with its count; without an organisation it is for the program's own log alone. */
export type CountedNote = SecurityNote & Pick<SecurityEntry, 'id' | 'at' | 'count'>

export interface SecurityBuffer extends SecurityLog {
  /** What is to be written: new entries, and those whose count grew. `failed` takes them back for the next time. */
  take(): { entries: readonly SecurityEntry[]; ended: readonly CountedNote[]; lost: number; failed(): void }
}

interface Kept {
  note: CountedNote
  /** The count that was taken last. */
  taken: number
}

/** Merges repeats in bounded memory. `tell` hears of each entry once, at once. */
export function createSecurityBuffer(deps: { clock: Clock; tell(note: CountedNote): void }): SecurityBuffer {
  const current = new Map<string, Kept>()
  /** Repeats of these are new entries; they wait only for being taken. */
  const past: Kept[] = []
  const perMinute = createMinuteCounts()
  let lost = 0

  function begin(note: SecurityNote, at: Date): void {
    if (current.size + past.length >= MAX_BUFFERED_ENTRIES) {
      lost += 1
      return
    }
    const kept = { note: { ...note, id: newId(), at, count: 1 }, taken: 0 }
    current.set(keyOf(note), kept)
    deps.tell(kept.note)
  }

  return {
    record: note => {
      const at = deps.clock.now()
      if (countUp(current, past, note, at)) return
      if (note.organizationId === null || perMinute.take(note.organizationId, at)) begin(note, at)
      else if (!countUp(current, past, restOf(note), at)) begin(restOf(note), at)
    },
    take: () => {
      endWindows(current, past, deps.clock.now())
      const ended = past.splice(0)
      const grown = [...ended, ...current.values()].filter(kept => kept.note.count > kept.taken)
      const before = grown.map(kept => ({ kept, taken: kept.taken }))
      for (const kept of grown) kept.taken = kept.note.count
      const taken = { ended: ended.map(kept => kept.note), lost }
      lost = 0
      return {
        ...taken,
        entries: grown.map(kept => kept.note).filter(belongsToOrganization),
        failed: () => {
          for (const { kept, taken } of before) kept.taken = taken
          past.push(...ended)
        },
      }
    },
  }
}

function endWindows(current: Map<string, Kept>, past: Kept[], now: Date): void {
  // In the order of their beginning.
  for (const [key, kept] of current) {
    if (now.getTime() - kept.note.at.getTime() < REPEAT_WINDOW_MS) return
    current.delete(key)
    past.push(kept)
  }
}

const restOf = (note: SecurityNote): SecurityNote => ({
  ...note,
  ...{ actor: null, ip: null, projectId: null, code: null, requestId: null, detail: REST_DETAIL },
})

/** Counts a repeat; false when there is none. One whose window is over makes room for a new entry. */
function countUp(current: Map<string, Kept>, past: Kept[], note: SecurityNote, at: Date): boolean {
  const key = keyOf(note)
  const kept = current.get(key)
  if (!kept) return false
  if (at.getTime() - kept.note.at.getTime() < REPEAT_WINDOW_MS) {
    kept.note.count += 1
    return true
  }
  current.delete(key)
  past.push(kept)
  return false
}

function createMinuteCounts() {
  let minute = 0
  const counts = new Map<string, number>()
  return {
    /** Takes one of an organisation's entries of this minute; false when all are taken. */
    take(organizationId: string, at: Date): boolean {
      const now = Math.floor(at.getTime() / 60_000)
      if (now !== minute) counts.clear()
      minute = now
      const count = counts.get(organizationId) ?? 0
      if (count >= MAX_ENTRIES_PER_MINUTE) return false
      counts.set(organizationId, count + 1)
      return true
    },
  }
}

const belongsToOrganization = (note: CountedNote): note is SecurityEntry => note.organizationId !== null

/** Entries with the same key are repeats. The detail is not part of it: it may carry what the caller chose. */
const keyOf = (note: SecurityNote): string =>
  JSON.stringify([
    note.organizationId,
    note.event,
    note.actor?.kind,
    note.actor?.id,
    note.ip,
    note.code,
    note.projectId,
    note.detail === REST_DETAIL,
  ])
