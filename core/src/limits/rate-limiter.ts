/** One wish: `cost` units out of `limit` that `key` may have in any `windowSeconds`. */
export interface RateRequest {
  /** Who and what is counted, e.g. `upload-urls:api_key:01K…`. Any text; stores hash what they send elsewhere. */
  key: string
  /** Units asked for, at least 1. Each counts for itself: a batch may get some of its items. */
  cost: number
  limit: number
  windowSeconds: number
}

export interface RateVerdict {
  /** How many of the units were granted, 0 to `cost`. What is refused costs nothing. */
  allowed: number
  /** Units that are left now. */
  remaining: number
  /** Whole seconds, at least 1, until units come back: after a refusal it is worth asking again then. */
  resetSeconds: number
}

/**
 * Counts what callers take, atomically, for one process or for all of them. Never rejects because a store is away: then it counts in this
 * process alone until the store is back.
 */
export interface RateLimiter {
  take(request: RateRequest): Promise<RateVerdict>
}
