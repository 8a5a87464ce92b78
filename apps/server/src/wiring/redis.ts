import { createMemoryRateLimiter, type RateLimiter, type SharedCache, systemClock } from '@calotype/core'
import { createRedisRateLimiter, createRedisSharedCache, openRedis } from '@calotype/redis'
import type { FastifyBaseLogger } from 'fastify'
import type { Closers } from '../closers.ts'
import type { Config } from '../config.ts'
import type { Part } from '../health-parts.ts'

/** What processes share in Redis; without one, each counts for itself and remembers for itself. */
export interface Shared {
  rateLimiter: RateLimiter
  sharedCache: SharedCache | null
  /** Null without Redis: there is no such part. */
  cache: Part | null
}

/** Rate limits and memory in Redis for all processes. While it is away everything still works, for each process alone. */
export function openShared(config: Config, log: FastifyBaseLogger, closers: Closers): Shared {
  const fallback = createMemoryRateLimiter({ clock: systemClock })
  if (config.redisUrl === null) return { rateLimiter: fallback, sharedCache: null, cache: null }
  const redis = openRedis({
    url: config.redisUrl,
    onChange: (state, reason) => {
      if (state === 'away') log.warn({ component: 'redis', reason }, 'Redis is away: this process goes on without it')
      else log.info({ component: 'redis' }, 'Redis is back')
    },
  })
  closers.add(() => redis.close())
  const check = async () => {
    if ((await redis.ask(client => client.ping())) === null) throw new Error('Redis is away')
  }
  return {
    rateLimiter: createRedisRateLimiter({ redis, fallback }),
    sharedCache: createRedisSharedCache(redis),
    cache: { check, vital: false },
  }
}
