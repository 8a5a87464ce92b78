import { createMemoryRateLimiter, systemClock } from '@calotype/core'
import { rateLimiterContract } from '@calotype/core/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openRedis } from './redis-connection.ts'
import { createRedisRateLimiter } from './redis-rate-limiter.ts'
import { hasRedisServer, startRedisServer } from './testing/redis-server.ts'

const pause = (milliseconds: number) => new Promise<void>(resolve => setTimeout(resolve, milliseconds))
const ONE = { cost: 1, limit: 3, windowSeconds: 60 }

function openLimiter(url: string) {
  const changes: string[] = []
  const fallback = createMemoryRateLimiter({ clock: systemClock })
  const redis = openRedis({ url, onChange: (state, reason) => changes.push(`${state}: ${reason}`) })
  const limiter = createRedisRateLimiter({ redis, fallback })
  return { limiter, close: redis.close, changes, states: () => changes.map(change => change.split(':')[0]) }
}

/** The first answers may come before the connection is there. */
async function openConnected(url: string) {
  const opened = openLimiter(url)
  for (let tries = 0; tries < 200; tries++) {
    await opened.limiter.take({ ...ONE, key: `warm up ${tries}` })
    if (opened.states().at(-1) !== 'away') break
    await pause(20)
  }
  opened.changes.length = 0
  return opened
}

it('without a Redis this process counts, tells it once, and keeps the password to itself', async () => {
  const { limiter, close, changes } = openLimiter('redis://user:very-secret@127.0.0.1:1')
  onTestFinished(() => close())
  for (const allowed of [1, 1, 1, 0]) expect(await limiter.take({ ...ONE, key: 'a' })).toMatchObject({ allowed })
  await pause(300)
  await limiter.take({ ...ONE, key: 'a' })
  expect(changes).toHaveLength(1)
  expect(changes.join()).toMatch(/^away: /)
  expect(changes.join()).not.toContain('secret')
})

const REDIS = hasRedisServer()
if (!REDIS) process.stderr.write('redis-server is not installed: the tests against a real Redis are left out.\n')

describe.runIf(REDIS)('on a real Redis', () => {
  rateLimiterContract('redis', async () => {
    const server = await startRedisServer()
    const { limiter, close } = await openConnected(server.url)
    return {
      limiter,
      passTime: pause,
      close: async () => {
        await close()
        await server.close()
      },
    }
  })

  it('counts for several processes together', async () => {
    const server = await startRedisServer()
    const [one, two] = [await openConnected(server.url), await openConnected(server.url)]
    onTestFinished(async () => {
      await one.close()
      await two.close()
      await server.close()
    })
    const takes = Array.from({ length: 40 }, (_, index) =>
      (index % 2 ? one : two).limiter.take({ key: 'shared', cost: 1, limit: 25, windowSeconds: 60 }),
    )
    expect((await Promise.all(takes)).filter(verdict => verdict.allowed === 1)).toHaveLength(25)
  })

  it('goes on without it when it dies or hangs, says so once each, and comes back', async () => {
    const server = await startRedisServer()
    const { limiter, close, states } = await openConnected(server.url)
    onTestFinished(async () => {
      await close()
      await server.close()
    })
    const take = async () => (await limiter.take({ ...ONE, limit: 1_000, key: 'a' })).allowed
    await server.signal('SIGSTOP')
    const started = performance.now()
    expect([await take(), await take()]).toEqual([1, 1])
    expect(performance.now() - started).toBeLessThan(5_000)
    await server.signal('SIGCONT')
    await expect.poll(async () => (await take()) && states().at(-1), { timeout: 10_000 }).toBe('back')
    await server.signal('SIGKILL')
    for (let time = 0; time < 5; time++) expect(await take()).toBe(1)
    await server.start()
    await expect.poll(async () => (await take()) && states().at(-1), { timeout: 10_000 }).toBe('back')
    expect(states()).toEqual(['away', 'back', 'away', 'back'])
  })
})
