import { type Check, ok, skipped } from '../check.ts'

export const redis: Check = {
  name: 'Redis',
  advice: 'Start Redis, or correct REDIS_URL. Everything works without it; each process counts rate limits for itself.',
  run: async ({ redis }) =>
    'missing' in redis ? skipped(redis.missing) : ok(`Redis ${await redis.part.check()} runs our script`),
}
