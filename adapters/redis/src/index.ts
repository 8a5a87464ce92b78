export { checkRedis } from './check-redis.ts'
export { createRedisRateLimiter, type RedisRateLimiterConfig } from './redis-rate-limiter.ts'
