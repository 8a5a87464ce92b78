import { describe, expect, it } from 'vitest'
import { newId } from '../../ids.ts'
import { type RateLimiter, SLOTS_PER_WINDOW } from '../../limits/index.ts'
import type { Harness } from './harness.ts'
import { useHarness } from './use-harness.ts'

export interface RateLimiterHarness extends Harness {
  limiter: RateLimiter
  passTime(milliseconds: number): Promise<void>
}

const WINDOW_MS = 1_000

/** What every rate limiter does. Windows are short, because some of them know no time but the real one. */
export function rateLimiterContract(name: string, factory: () => Promise<RateLimiterHarness>): void {
  describe(`rate limiter contract: ${name}`, () => {
    const harness = useHarness(factory)
    const take = (key: string, cost = 1, limit = 5) =>
      harness().limiter.take({ key, cost, limit, windowSeconds: WINDOW_MS / 1000 })

    it('grants so many and not one more, and says what is left', async () => {
      const key = newId()
      for (let left = 4; left >= 0; left--) expect(await take(key)).toMatchObject({ allowed: 1, remaining: left })
      const refused = await take(key)
      expect(refused).toMatchObject({ allowed: 0, remaining: 0 })
      expect(refused.resetSeconds).toBeGreaterThanOrEqual(1)
      expect(refused.resetSeconds).toBeLessThanOrEqual(2)
    })

    it('counts each unit of a batch for itself', async () => {
      const key = newId()
      expect(await take(key, 3)).toMatchObject({ allowed: 3, remaining: 2 })
      expect(await take(key, 4)).toMatchObject({ allowed: 2, remaining: 0 })
      expect(await take(key, 4)).toMatchObject({ allowed: 0, remaining: 0 })
    })

    it('grants the limit exactly however many ask at once', async () => {
      const key = newId()
      const verdicts = await Promise.all(Array.from({ length: 60 }, () => take(key, 1, 17)))
      expect(verdicts.filter(verdict => verdict.allowed === 1)).toHaveLength(17)
    })

    it('keeps keys apart, whatever they are made of', async () => {
      const keys = [newId(), `${newId()}:ü@example.org`, 'x'.repeat(5_000) + newId()]
      for (const key of keys) expect(await take(key, 5)).toMatchObject({ allowed: 5 })
      for (const key of keys) expect(await take(key)).toMatchObject({ allowed: 0 })
    })

    it('gives units back once their window is past, and not before', async () => {
      const key = newId()
      await take(key, 5)
      await harness().passTime(WINDOW_MS / 2)
      expect(await take(key)).toMatchObject({ allowed: 0 })
      await harness().passTime(WINDOW_MS / 2 + WINDOW_MS / SLOTS_PER_WINDOW + 50)
      expect(await take(key, 9)).toMatchObject({ allowed: 5, remaining: 0 })
    })

    it('heeds another limit for the same key', async () => {
      const key = newId()
      await take(key, 5)
      expect(await take(key, 2, 6)).toMatchObject({ allowed: 1, remaining: 0 })
      expect(await take(key, 1, 3)).toMatchObject({ allowed: 0, remaining: 0 })
    })
  })
}
