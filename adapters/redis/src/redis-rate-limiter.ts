import { createHash } from 'node:crypto'
import { type RateLimiter, type RateRequest, type RateVerdict, SLOTS_PER_WINDOW } from '@calotype/core'
import type { RedisConnection } from './redis-connection.ts'
import { TAKE_SCRIPT } from './take-script.ts'

const KEY_PREFIX = 'calotype:rate:'

export interface RedisRateLimiterConfig {
  redis: RedisConnection
  /** Counts while Redis is away. */
  fallback: RateLimiter
}

/** Counts for every process that shares a Redis. Never rejects: while Redis is away, this process counts for itself. */
export const createRedisRateLimiter = ({ redis, fallback }: RedisRateLimiterConfig): RateLimiter => ({
  take: async request =>
    (await redis.ask(client => client.eval(TAKE_SCRIPT, scriptInput(request)).then(toVerdict))) ??
    fallback.take(request),
})

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
