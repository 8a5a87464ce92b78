import { newId } from '@calotype/core'
import { sharedCacheContract } from '@calotype/core/testing'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { openRedis } from './redis-connection.ts'
import { createRedisSharedCache } from './redis-shared-cache.ts'
import { hasRedisServer, startRedisServer } from './testing/redis-server.ts'

const pause = (milliseconds: number) => new Promise<void>(resolve => setTimeout(resolve, milliseconds))

async function open(url: string) {
  const redis = openRedis({ url, onChange: () => {} })
  const cache = createRedisSharedCache(redis)
  /** Until it keeps what it is given: the first words may come before the connection is there. */
  const untilKept = async () => {
    const key = newId()
    const look = async () => {
      cache.put(key, 'kept', 60)
      expect(await cache.get(key)).toBe('kept')
    }
    await vi.waitFor(look, { timeout: 30_000 })
  }
  return { cache, untilKept, close: redis.close }
}

it('finds nothing and keeps nothing where there is no Redis, and never rejects', async () => {
  const { cache, close } = await open('redis://127.0.0.1:1')
  onTestFinished(close)
  cache.put('a', 'b', 60)
  expect(await cache.get('a')).toBeNull()
})

describe.runIf(hasRedisServer())('on a real Redis', () => {
  sharedCacheContract('redis', async () => {
    const server = await startRedisServer()
    const { cache, untilKept, close } = await open(server.url)
    await untilKept()
    return {
      cache,
      passTime: pause,
      close: async () => {
        await close()
        await server.close()
      },
    }
  })

  it('finds what another process put, nothing while Redis hangs or is dead, and all is well afterwards', async () => {
    const server = await startRedisServer()
    const [one, two] = [await open(server.url), await open(server.url)]
    onTestFinished(async () => {
      await one.close()
      await two.close()
      await server.close()
    })
    await one.untilKept()
    await two.untilKept()
    one.cache.put('a', 'b', 60)
    await expect.poll(() => two.cache.get('a'), { timeout: 30_000 }).toBe('b')
    for (const signal of ['SIGSTOP', 'SIGKILL'] as const) {
      await server.signal(signal)
      one.cache.put('a', 'c', 60)
      expect(await one.cache.get('a')).toBeNull()
      if (signal === 'SIGSTOP') await server.signal('SIGCONT')
      else await server.start()
      await one.untilKept()
    }
  })
})
