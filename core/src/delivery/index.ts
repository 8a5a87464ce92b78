export type { Cdn } from './cdn.ts'
export * from './negotiate.ts'
export * from './windows.ts'
