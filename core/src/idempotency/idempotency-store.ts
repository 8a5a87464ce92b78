/** One key of one principal on one route. */
export interface KeyScope {
  /** Organisation, kind and id of the caller. */
  principal: string
  /** Method and path pattern. */
  route: string
  key: string
}

export interface KeyClaim {
  /** Null for callers who are in no organisation yet. */
  organizationId: string | null
  /** SHA-256 of what was asked for. */
  requestHash: string
  /** Names this run: only it may settle or release the claim. */
  token: string
  now: Date
  /** From then on the run counts as dead, and the next one may take over. */
  leaseUntil: Date
  expiresAt: Date
}

/** What is known of a key that could not be claimed. `result` is null while another run is under way. */
export interface KnownKey {
  requestHash: string
  result: unknown
}

/** What was asked for under which key, and which resources came of it; never an answer, never a secret. */
export interface IdempotencyStore {
  /**
   * Takes a key that is new, expired, or whose run (of the same request) outlived its lease; null when it was taken. Otherwise resolves
   * with what is known of it. Of several at once one takes it.
   */
  claim(scope: KeyScope, claim: KeyClaim): Promise<KnownKey | null>
  /** Records what came of it; false when the claim is no longer this run's. */
  settle(scope: KeyScope, token: string, result: unknown): Promise<boolean>
  /** Gives a key back that nothing came of. A settled one stays. */
  release(scope: KeyScope, token: string): Promise<void>
  /** Removes expired keys and, of each principal, all but the newest so many; resolves with how many. */
  prune(now: Date, keepPerPrincipal: number): Promise<number>
}
