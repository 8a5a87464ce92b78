/** One thing that costs: bytes kept (signed), calls made, bytes sent. */
export interface UsageEntry {
  projectId: string
  /** Unique: the same cause is counted once, however often it is written. */
  cause: string
  purpose: string
  storedBytes?: number
  puts?: number
  gets?: number
  deliveredBytes?: number
}

export interface UsageStore {
  record(entries: readonly UsageEntry[]): Promise<void>
}
