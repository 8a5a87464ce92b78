export { checkRedis } from './check-redis.ts'
export { openRedis, type RedisConfig, type RedisConnection } from './redis-connection.ts'
export { createRedisRateLimiter, type RedisRateLimiterConfig } from './redis-rate-limiter.ts'
export { createRedisSharedCache } from './redis-shared-cache.ts'
