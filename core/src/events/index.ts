export type { DomainEvent, EventFeed, EventStore, StoredEvent } from './event-store.ts'
