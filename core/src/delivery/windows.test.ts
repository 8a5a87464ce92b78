import fc from 'fast-check'
import { expect, it } from 'vitest'
import { windowExpiry } from './windows.ts'

const life = fc.integer({ min: 1, max: 86_400 })
const moment = fc.integer({ min: 0, max: 4_000_000_000_000 })

it('gives every URL more than one life and at most two', () => {
  fc.assert(
    fc.property(moment, life, (ms, seconds) => {
      const left = windowExpiry(new Date(ms), seconds) - ms / 1000
      expect(left).toBeGreaterThan(seconds)
      expect(left).toBeLessThanOrEqual(2 * seconds)
    }),
  )
})

it('gives everybody the same one within a window, and a later one in the next', () => {
  fc.assert(
    fc.property(moment, life, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (ms, seconds, at) => {
      const start = Math.floor(ms / 1000 / seconds) * seconds * 1000
      const within = new Date(start + Math.floor(at * seconds * 1000))
      expect(windowExpiry(within, seconds)).toBe(windowExpiry(new Date(start), seconds))
      const next = new Date(start + seconds * 1000)
      expect(windowExpiry(next, seconds)).toBe(windowExpiry(within, seconds) + seconds)
      expect(Number.isInteger(windowExpiry(within, seconds))).toBe(true)
    }),
  )
})
