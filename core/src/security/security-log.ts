import type { SecurityEntry, SecurityEvent, SecurityNote } from './security-entry.ts'

/** Takes notes of refusals, which may come by the thousand: never throws, never waits, and merges repeats. */
export interface SecurityLog {
  record(note: SecurityNote): void
}

export interface SecurityLogQuery {
  organizationId: string
  /** Only entries of these projects; null for every entry of the organisation. */
  projectIds: readonly string[] | null
  event: SecurityEvent | null
  /** Id of the last entry of the page before: newest first, by id. */
  before: string | null
  limit: number
}

/** What a refused request showed, without proving that it may. */
export type Trace = { keyHash: string } | { projectId: string }

/** Security logs by organisation. */
export interface SecurityLogStore {
  /** Writes entries; one that is there already takes the higher count. Entries of organisations that are gone are left out. */
  save(entries: readonly SecurityEntry[]): Promise<void>
  /** Whom a refusal concerns: the key, revoked or expired as it may be, or the project; null when there is no such thing. */
  findConcerned(trace: Trace): Promise<Pick<SecurityEntry, 'organizationId' | 'actor'> | null>
  list(query: SecurityLogQuery): Promise<readonly SecurityEntry[]>
  /** Removes what happened before this; resolves with how many. */
  prune(before: Date): Promise<number>
}
