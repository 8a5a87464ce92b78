/** A change of an image's status, or of its analysis. */
export type EventType = 'image.status' | 'analysis.updated'

/** What happened, as live readers see it. */
export interface DomainEvent {
  projectId: string
  type: EventType
  payload: Record<string, unknown>
}

/** A stored event. `cursor` orders events by commit and is what `Last-Event-ID` carries: `{transaction id}-{sequence}`. */
export interface StoredEvent extends DomainEvent {
  cursor: string
  at: Date
}

/** Writes events in the transaction that makes them true. */
export interface EventStore {
  append(event: DomainEvent): Promise<void>
  /** Many in one step, in this order. */
  appendMany(events: readonly DomainEvent[]): Promise<void>
  /** Removes up to `limit` events of a project that was deleted; resolves with how many. */
  forget(projectId: string, limit: number): Promise<number>
}

/**
 * Reads events by the law of events: never past a transaction that is still open, so that a late commit is not skipped;
 * every event once to one subscriber, in order.
 */
export interface EventFeed {
  /** Calls back for every event of the project after the cursor (null: from now on) until unsubscribed. */
  subscribe(
    projectId: string,
    after: string | null,
    listener: (event: StoredEvent) => void,
  ): { ready: Promise<void>; unsubscribe(): void }
  /** Every event of every project from now on, for caches of this process. */
  subscribeAll(listener: (event: StoredEvent) => void): { unsubscribe(): void }
}
