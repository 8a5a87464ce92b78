import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTestClock, rateLimiterContract } from '../testing/index.ts'
import { createMemoryRateLimiter } from './memory-rate-limiter.ts'

rateLimiterContract('memory', async () => {
  const clock = createTestClock()
  return {
    limiter: createMemoryRateLimiter({ clock }),
    passTime: async milliseconds => clock.advance(milliseconds),
    close: async () => undefined,
  }
})

describe('counting in this process', () => {
  it('never grants more than the limit in any window, wherever it begins, and refuses no longer than a window and a slot', async () => {
    const step = fc.record({ pauseMs: fc.integer({ min: 0, max: 20_000 }), cost: fc.integer({ min: 1, max: 8 }) })
    const run = fc.asyncProperty(fc.array(step, { maxLength: 60 }), async steps => {
      const clock = createTestClock()
      const limiter = createMemoryRateLimiter({ clock })
      const grants: Array<{ at: number; allowed: number }> = []
      for (const { pauseMs, cost } of steps) {
        clock.advance(pauseMs)
        const at = clock.now().getTime()
        const { allowed, remaining, resetSeconds } = await limiter.take({
          key: 'a',
          cost,
          limit: 10,
          windowSeconds: 60,
        })
        grants.push({ at, allowed })
        const taken = (sinceMs: number) =>
          grants.filter(grant => grant.at > at - sinceMs).reduce((sum, grant) => sum + grant.allowed, 0)
        expect(taken(60_000)).toBeLessThanOrEqual(10)
        if (allowed < cost) expect(taken(65_000)).toBeGreaterThanOrEqual(10)
        expect(remaining).toBeLessThanOrEqual(10 - taken(60_000))
        expect(resetSeconds).toBeLessThanOrEqual(65)
      }
    })
    await fc.assert(run, { numRuns: 200 })
  })

  it('is worth asking again when it says so', async () => {
    const clock = createTestClock()
    const limiter = createMemoryRateLimiter({ clock })
    const take = () => limiter.take({ key: 'a', cost: 100, limit: 100, windowSeconds: 60 })
    await take()
    const { allowed, resetSeconds } = await take()
    expect(allowed).toBe(0)
    clock.advance(resetSeconds * 1000)
    expect(await take()).toMatchObject({ allowed: 100 })
  })

  it('forgets the key that was longest unused when there are too many', async () => {
    const limiter = createMemoryRateLimiter({ clock: createTestClock() }, 2)
    const take = async (key: string) => (await limiter.take({ key, cost: 1, limit: 1, windowSeconds: 60 })).allowed
    expect([await take('a'), await take('b'), await take('a'), await take('c')]).toEqual([1, 1, 0, 1])
    expect(await take('a')).toBe(0)
    expect(await take('b')).toBe(1)
  })
})
