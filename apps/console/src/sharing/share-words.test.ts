import { expect, test } from 'vitest'
import { lifetimes, secondsOf, stateOf } from './share-words.ts'

const now = Date.parse('2026-11-20T12:00:00.000Z')
const later = '2026-11-21T12:00:00.000Z'
const before = '2026-11-19T12:00:00.000Z'

test('a link is open until it expires or is revoked', () => {
  expect(stateOf({ expires_at: later, revoked_at: null }, now)).toBe('open')
  expect(stateOf({ expires_at: before, revoked_at: null }, now)).toBe('expired')
  expect(stateOf({ expires_at: later, revoked_at: before }, now)).toBe('revoked')
})

test('every lifetime is one that the server takes', () => {
  for (const lifetime of lifetimes) {
    expect(secondsOf[lifetime]).toBeGreaterThanOrEqual(60)
    expect(secondsOf[lifetime]).toBeLessThanOrEqual(31_622_400)
  }
})
