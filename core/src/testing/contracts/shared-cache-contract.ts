import { describe, expect, it } from 'vitest'
import { newId } from '../../ids.ts'
import type { SharedCache } from '../../shared-cache.ts'
import type { Harness } from './harness.ts'
import { useHarness } from './use-harness.ts'

export interface SharedCacheHarness extends Harness {
  cache: SharedCache
  passTime(milliseconds: number): Promise<void>
}

/** What every cache between processes does. Times are short, because some of them know no time but the real one. */
export function sharedCacheContract(name: string, factory: () => Promise<SharedCacheHarness>): void {
  describe(`shared cache contract: ${name}`, () => {
    const harness = useHarness(factory)
    /** Nobody waits for a put: the next get may be faster. */
    const eventually = (key: string) => expect.poll(() => harness().cache.get(key), { timeout: 30_000 })

    it('answers what was put under exactly this key, the last of it', async () => {
      const key = newId()
      expect(await harness().cache.get(key)).toBeNull()
      harness().cache.put(key, '{"alt":"Dach – 屋根 🏠\\u0000"}', 60)
      await eventually(key).toBe('{"alt":"Dach – 屋根 🏠\\u0000"}')
      harness().cache.put(key, '', 60)
      await eventually(key).toBe('')
      expect(await harness().cache.get(`${key}x`)).toBeNull()
    })

    it('forgets when the time is over', async () => {
      const [short, long] = [newId(), newId()]
      harness().cache.put(short, 'a', 1)
      harness().cache.put(long, 'b', 60)
      await eventually(long).toBe('b')
      await harness().passTime(1_500)
      await eventually(short).toBeNull()
      expect(await harness().cache.get(long)).toBe('b')
    })
  })
}
