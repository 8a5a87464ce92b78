/** Memory that processes share. What was put there may be gone at any moment, and everything works without it: nothing here rejects. */
export interface SharedCache {
  /** Null where it is not there, or does not come in time. */
  get(key: string): Promise<string | null>
  /** Kept for at most `seconds`; nobody waits for it. */
  put(key: string, text: string, seconds: number): void
}
