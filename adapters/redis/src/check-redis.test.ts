import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkRedis } from './check-redis.ts'
import { hasRedisServer, type RedisServer, startRedisServer } from './testing/redis-server.ts'

it('names a Redis that is away', async () => {
  await expect(checkRedis('redis://127.0.0.1:1')).rejects.toThrow(/ECONNREFUSED/)
})

describe.skipIf(!hasRedisServer())('a Redis that is there', () => {
  let redis: RedisServer
  beforeAll(async () => {
    redis = await startRedisServer()
  })
  afterAll(() => redis.close())

  it('tells its version', async () => {
    expect(await checkRedis(redis.url)).toMatch(/^\d+\.\d+/)
  })

  it('is broken when it wants a password that we do not have', async () => {
    await expect(checkRedis(redis.url.replace('redis://', 'redis://somebody:wrong@'))).rejects.toThrow(/WRONGPASS/)
  })
})
