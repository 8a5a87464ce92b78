import { createMemoryRateLimiter, type RateLimiter, systemClock } from '@calotype/core'
import { createRedisRateLimiter } from '@calotype/redis'
import type { FastifyBaseLogger } from 'fastify'
import type { Closers } from './closers.ts'
import type { Config } from './config.ts'
import type { Part } from './health-parts.ts'

/** Counts in this process, or in Redis for all of them; without Redis there is no such part. */
export function openRateLimiter(
  config: Config,
  log: FastifyBaseLogger,
  closers: Closers,
): { rateLimiter: RateLimiter; cache: Part | null } {
  const fallback = createMemoryRateLimiter({ clock: systemClock })
  if (config.redisUrl === null) return { rateLimiter: fallback, cache: null }
  let away = false
  const limiter = createRedisRateLimiter({
    url: config.redisUrl,
    fallback,
    onChange: (state, reason) => {
      away = state === 'away'
      if (away) log.warn({ component: 'redis', reason }, 'Redis is away: this process counts rate limits for itself')
      else log.info({ component: 'redis' }, 'Redis is back')
    },
  })
  closers.add(() => limiter.close())
  const check = async () => {
    if (away) throw new Error('Redis is away')
  }
  // Without it everything still works.
  return { rateLimiter: limiter, cache: { check, vital: false } }
}
