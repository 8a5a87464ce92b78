import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { curveAt } from './curve.ts'
import { FORMAT_PROFILES } from './formats.ts'
import { LEAST_USE, nextStep } from './next-step.ts'
import type { Measurement } from './predict.ts'

const picture = fc.record({
  format: fc.constantFrom('avif' as const, 'webp' as const, 'jpeg' as const),
  ceilingBytes: fc.integer({ min: 500, max: 2_000_000 }),
  steepness: fc.double({ min: 0.7, max: 1.6, noNaN: true }),
  probeError: fc.double({ min: -0.3, max: 0.3, noNaN: true }),
  scoutError: fc.double({ min: -0.3, max: 0.3, noNaN: true }),
})

/** Follows the steps against a simulated encoder whose sizes rise with quality, as those of real ones do. */
const follow = (drawn: typeof picture extends fc.Arbitrary<infer T> ? T : never, maxBytes: number) => {
  const profile = FORMAT_PROFILES[drawn.format]
  const bytesAt = (quality: number, error: number): number =>
    Math.round(drawn.ceilingBytes * Math.exp(drawn.steepness * curveAt(profile.curve, quality) + error))
  const scout = bytesAt(profile.ceiling, drawn.scoutError)
  const measurements: Measurement[] = [{ kind: 'expected', quality: profile.ceiling, bytes: scout }]
  for (let steps = 0; steps < 50; steps++) {
    const step = nextStep(profile, measurements, maxBytes)
    if (step.do === 'accept' || step.do === 'shrink') return { step, measurements, profile, bytesAt }
    const { quality } = step
    const bytes = bytesAt(quality, step.do === 'probe' ? drawn.probeError - profile.probeOffset : 0)
    measurements.push({ kind: step.do === 'probe' ? 'probe' : 'final', quality, bytes })
  }
  throw new Error('the search did not end')
}

describe('the search for a quality', () => {
  it('ends after few encodes, within the target, between floor and ceiling', () => {
    fc.assert(
      fc.property(picture, drawn => {
        const { step, measurements, profile, bytesAt } = follow(drawn, 102_400)
        expect(measurements.filter(({ kind }) => kind === 'final').length).toBeLessThanOrEqual(4)
        expect(measurements.filter(({ kind }) => kind === 'probe').length).toBeLessThanOrEqual(2)
        if (step.do !== 'accept') return
        expect(bytesAt(step.quality, 0)).toBeLessThanOrEqual(102_400)
        expect(step.quality).toBeGreaterThanOrEqual(profile.floor)
        expect(step.quality).toBeLessThanOrEqual(profile.ceiling)
      }),
      { numRuns: 500 },
    )
  })

  it('uses the target: below the ceiling one more step of quality would nearly always be too much', () => {
    fc.assert(
      fc.property(picture, drawn => {
        const { step, profile, bytesAt } = follow({ ...drawn, probeError: drawn.probeError / 6 }, 102_400)
        if (step.do !== 'accept' || step.quality === profile.ceiling) return
        const used = bytesAt(step.quality, 0) / 102_400
        expect(used >= LEAST_USE || bytesAt(step.quality + 1, 0) > 102_400).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  it('never takes pixels away while the floor would have fitted by a wide margin', () => {
    fc.assert(
      fc.property(picture, drawn => {
        const { step, profile, bytesAt } = follow(drawn, 102_400)
        if (step.do !== 'shrink') return
        expect(bytesAt(profile.floor, 0)).toBeGreaterThan(102_400 * 0.6)
        expect(step.scale).toBeGreaterThanOrEqual(0.3)
        expect(step.scale).toBeLessThanOrEqual(0.92)
      }),
      { numRuns: 500 },
    )
  })

  it('encodes at the ceiling at once what surely fits', () => {
    const step = nextStep(FORMAT_PROFILES.avif, [{ kind: 'expected', quality: 60, bytes: 80_000 }], 102_400)
    expect(step).toEqual({ do: 'encode', quality: 60 })
  })
})
