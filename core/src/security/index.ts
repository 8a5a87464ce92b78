export * from './note-change.ts'
export * from './security-entry.ts'
export type { SecurityLog, SecurityLogQuery, SecurityLogStore } from './security-log.ts'
