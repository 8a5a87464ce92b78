import type { SharedCache } from '@calotype/core'
import type { RedisConnection } from './redis-connection.ts'

const KEY_PREFIX = 'calotype:cache:'

/** Texts in a Redis, for every process that shares it. While it is away nothing is found and nothing is kept. */
export const createRedisSharedCache = (redis: RedisConnection): SharedCache => ({
  get: key => redis.ask(client => client.get(KEY_PREFIX + key)),
  put: (key, text, seconds) =>
    void redis.ask(client => client.set(KEY_PREFIX + key, text, { expiration: { type: 'EX', value: seconds } })),
})
