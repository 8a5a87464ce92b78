export type { Cdn, CdnInvalidator } from './cdn.ts'
export * from './negotiate.ts'
export * from './windows.ts'
