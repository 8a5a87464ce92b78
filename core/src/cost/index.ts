export * from './metered-blob-store.ts'
export type { UsageEntry, UsageStore } from './usage-store.ts'
