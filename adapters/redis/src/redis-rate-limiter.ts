import { createHash } from 'node:crypto'
import { type RateLimiter, type RateRequest, type RateVerdict, SLOTS_PER_WINDOW } from '@calotype/core'
import { createClient } from '@redis/client'
import { TAKE_SCRIPT } from './take-script.ts'

/** A Redis that does not answer within this time counts as away, so that no caller waits for it. */
export const ANSWER_LIMIT_MS = 250
/** While Redis is away it is asked again this often, at most. */
const RECONNECT_MS = 1_000
const KEY_PREFIX = 'calotype:rate:'

export interface RedisRateLimiterConfig {
  /** `redis://` or `rediss://`; may carry a password and is never logged. */
  url: string
  /** Counts while Redis is away. */
  fallback: RateLimiter
  /** Told once when Redis goes away and once when it is back. */
  onChange(state: 'away' | 'back', reason: string): void
}

/** Counts for every process that shares a Redis. Never rejects: while Redis is away, this process counts for itself. */
export function createRedisRateLimiter(config: RedisRateLimiterConfig): RateLimiter & { close(): Promise<void> } {
  const client = createClient({
    url: config.url,
    // What waits in a queue would be answered too late to be of use.
    disableOfflineQueue: true,
    socket: {
      connectTimeout: 2_000,
      reconnectStrategy: retries => Math.min(50 * 2 ** Math.min(retries, 10), RECONNECT_MS),
    },
  })
  let away = false
  // One caller in a while asks a Redis that did not answer; the others do not wait for it.
  let askAgainAt = 0
  let closing = false
  const report = (state: 'away' | 'back', reason: string) => {
    if (closing || away === (state === 'away')) return
    away = state === 'away'
    config.onChange(state, reason)
  }
  client.on('error', error => report('away', reasonOf(error)))
  // The strategy goes on trying; what is wrong is told by the event.
  void client.connect().catch(() => {})

  return {
    async take(request) {
      try {
        if (!client.isReady) throw new Error('not connected')
        if (Date.now() < askAgainAt) return config.fallback.take(request)
        const verdict = await withinLimit(client.eval(TAKE_SCRIPT, scriptInput(request)).then(toVerdict))
        report('back', 'it answers')
        return verdict
      } catch (error) {
        askAgainAt = client.isReady ? Date.now() + RECONNECT_MS : 0
        report('away', reasonOf(error))
        return config.fallback.take(request)
      }
    },
    async close() {
      closing = true
      client.destroy()
    },
  }
}

/** Keys are hashed: they may be long, and hold addresses that are nobody's business there. */
const scriptInput = ({ key, cost, limit, windowSeconds }: RateRequest) => ({
  keys: [`${KEY_PREFIX}${windowSeconds}:${createHash('sha256').update(key).digest('base64url')}`],
  arguments: [cost, limit, (windowSeconds * 1000) / SLOTS_PER_WINDOW, SLOTS_PER_WINDOW].map(String),
})

function toVerdict(answer: unknown): RateVerdict {
  const [allowed, remaining, freeMs] = Array.isArray(answer) ? answer.map(Number) : []
  if (allowed === undefined || remaining === undefined || freeMs === undefined || Number.isNaN(freeMs))
    throw new Error('Redis answered something else')
  return { allowed, remaining, resetSeconds: Math.max(1, Math.ceil(freeMs / 1000)) }
}

async function withinLimit<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), ANSWER_LIMIT_MS)
  })
  try {
    return await Promise.race([answer, tooLate])
  } finally {
    clearTimeout(timer)
  }
}

/** A code or a few words; never the address, which may carry a password. */
const reasonOf = (error: unknown): string => {
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string')
    return error.code
  return error instanceof Error ? (error.name === 'Error' ? error.message.slice(0, 100) : error.name) : 'unknown'
}
