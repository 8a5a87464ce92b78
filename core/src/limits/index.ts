export { rateLimited } from './errors.ts'
export { createMemoryRateLimiter, MAX_RATE_KEYS } from './memory-rate-limiter.ts'
export type { RateLimiter, RateRequest, RateVerdict } from './rate-limiter.ts'
