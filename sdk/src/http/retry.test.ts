import { expect, test } from 'vitest'
import { backOff, retryAfterMs, sleep } from './retry.ts'

test('Retry-After is seconds or a date', () => {
  const now = Date.parse('2026-11-20T12:00:00Z')
  expect(retryAfterMs('3')).toBe(3000)
  expect(retryAfterMs('Fri, 20 Nov 2026 12:00:05 GMT', now)).toBe(5000)
  expect(retryAfterMs('Fri, 20 Nov 2026 11:00:00 GMT', now)).toBe(0)
  expect(retryAfterMs('soon')).toBeUndefined()
  expect(retryAfterMs(null)).toBeUndefined()
})

test('waits grow up to their limit', () => {
  for (const [attempt, most] of [
    [1, 500],
    [2, 1000],
    [30, 15_000],
  ] as const) {
    const wait = backOff(attempt, 15_000)
    expect(wait).toBeLessThanOrEqual(most)
    expect(wait).toBeGreaterThanOrEqual(most / 2)
  }
})

test('sleep ends with the signal', async () => {
  await expect(sleep(60_000, AbortSignal.timeout(5))).rejects.toThrow()
  await expect(sleep(60_000, AbortSignal.abort(new Error('no')))).rejects.toThrow('no')
})
