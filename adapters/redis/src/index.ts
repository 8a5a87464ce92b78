export { createRedisRateLimiter, type RedisRateLimiterConfig } from './redis-rate-limiter.ts'
