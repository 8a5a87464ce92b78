export type { DomainEvent, EventFeed, EventStore, EventType, StoredEvent } from './event-store.ts'
