import type { EventFeed, StoredEvent } from '@calotype/core'
import { startEventReader } from './event-reader.ts'
import { createEventSubscription, type EventSubscription } from './event-subscription.ts'
import type { Log } from './log.ts'
import type { DatabaseHandle } from './open-database.ts'

export interface RunningEventFeed extends EventFeed {
  /** Whether events come as they happen. */
  connected(): boolean
  stop(): Promise<void>
}

/** One reader of all projects per process; every subscriber gets what is its own from it. */
export async function startEventFeed(options: {
  handle: Pick<DatabaseHandle, 'connection' | 'kysely'>
  log: Log
}): Promise<RunningEventFeed> {
  const { handle, log } = options
  const everything = new Set<(event: StoredEvent) => void>()
  const subscriptions = createSubscriptions()

  const tell = (listener: (event: StoredEvent) => void, event: StoredEvent): void => {
    try {
      listener(event)
    } catch (error) {
      log.error({ component: 'events', err: error }, 'A listener failed on an event')
    }
  }

  const reader = await startEventReader({
    connection: handle.connection,
    log,
    onEvent: placed => {
      for (const listener of everything) tell(listener, placed.event)
      for (const subscription of subscriptions.of(placed.event.projectId)) subscription.take(placed)
    },
  })

  return {
    subscribe: (projectId, after, listener) => {
      const subscription = createEventSubscription(projectId, event => tell(listener, event))
      const unsubscribe = () => {
        subscription.close()
        subscriptions.remove(subscription)
      }
      // Before it looks where it stands: nothing may fall between.
      subscriptions.add(subscription)
      const ready = subscription.begin(handle.kysely, after)
      // Whoever does not look at `ready` gets no events; that is no reason to end the process.
      ready.catch(unsubscribe)
      return { ready, unsubscribe }
    },
    subscribeAll: listener => {
      // A function of its own for each call, so that the same listener may be there twice.
      const own = (event: StoredEvent) => listener(event)
      everything.add(own)
      return { unsubscribe: () => void everything.delete(own) }
    },
    connected: () => reader.connected(),
    stop: () => reader.stop(),
  }
}

function createSubscriptions() {
  const byProject = new Map<string, Set<EventSubscription>>()
  return {
    of: (projectId: string): Iterable<EventSubscription> => byProject.get(projectId) ?? [],
    add: (subscription: EventSubscription): void => {
      const ofProject = byProject.get(subscription.projectId) ?? new Set()
      byProject.set(subscription.projectId, ofProject.add(subscription))
    },
    remove: (subscription: EventSubscription): void => {
      const ofProject = byProject.get(subscription.projectId)
      ofProject?.delete(subscription)
      if (ofProject?.size === 0) byProject.delete(subscription.projectId)
    },
  }
}
