import type { Clock } from '../../clock.ts'
import { DomainError } from '../../errors.ts'
import type { DomainEvent, EventFeed, EventStore, StoredEvent } from '../../events/index.ts'
import { copyOf } from './copy-of.ts'
import type { StateAccess } from './state.ts'
import type { MemoryTransactions } from './transactions.ts'

/** Events in memory. */
export function memoryEventStore(state: StateAccess, clock: Clock): EventStore {
  const append = (event: DomainEvent) => {
    state().sequence += 1
    const cursor = `${state().transactions}-${state().sequence}`
    state().events.push({ ...copyOf(event), cursor, at: clock.now() })
  }
  return {
    append: async event => append(event),
    appendMany: async events => events.forEach(append),
    // Feeds count by position: what is forgotten leaves a blank.
    forget: async (projectId, limit) => {
      const found = state()
        .events.filter(event => event.projectId === projectId)
        .slice(0, limit)
      for (const event of found) Object.assign(event, { projectId: '', payload: {} })
      return found.length
    },
  }
}

/** How many events of the list are not after the cursor. Sequences grow with the list. */
function positionAfter(events: readonly StoredEvent[], cursor: string): number {
  const sequence = Number(/^[0-9]+-([0-9]+)$/.exec(cursor)?.[1] ?? Number.NaN)
  if (Number.isNaN(sequence)) throw new DomainError('invalid', 'invalid_cursor', 'This event id is none of ours.')
  return events.filter(event => Number(event.cursor.split('-')[1]) <= sequence).length
}

/** A feed of what is committed; listeners are called a moment after the commit. */
export function createMemoryEventFeed(transactions: MemoryTransactions): EventFeed {
  const pumps = new Set<() => void>()
  transactions.onCommit(() =>
    queueMicrotask(() => {
      for (const pump of pumps) pump()
    }),
  )
  function follow(from: number, projectId: string | null, listener: (event: StoredEvent) => void): () => void {
    let next = from
    const pump = () => {
      const { events } = transactions.committed()
      for (; next < events.length; next++) {
        const event = events[next]
        // Unsubscribed by the listener itself: nothing more.
        if (!pumps.has(pump)) return
        if (event && (projectId === null || event.projectId === projectId)) listener(copyOf(event))
      }
    }
    pumps.add(pump)
    queueMicrotask(pump)
    return () => pumps.delete(pump)
  }
  return {
    subscribe: (projectId, after, listener) => {
      const { events } = transactions.committed()
      try {
        const unsubscribe = follow(after === null ? events.length : positionAfter(events, after), projectId, listener)
        return { ready: Promise.resolve(), unsubscribe }
      } catch (error) {
        const ready = Promise.reject(error)
        // Whoever does not look at `ready` gets no events; that is no reason to end the process.
        ready.catch(() => undefined)
        return { ready, unsubscribe: () => undefined }
      }
    },
    subscribeAll: listener => ({ unsubscribe: follow(transactions.committed().events.length, null, listener) }),
  }
}
