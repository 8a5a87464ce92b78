import fc from 'fast-check'
import { expect, it } from 'vitest'
import { FORMAT_PROFILES } from './formats.ts'
import { INDISTINGUISHABLE, POOR, qualityRange } from './quality-range.ts'
import { predictedScore } from './scout.ts'

const PROFILES = Object.values(FORMAT_PROFILES)
const scout = fc
  .record({
    density: fc.double({ min: 0.005, max: 2, noNaN: true }),
    score: fc.double({ min: 0.8, max: 1, noNaN: true }),
  })
  .map(({ density, score }) => ({ bytes: Math.round(density * 1e6), density, score }))

it('stays within the floor and the ceiling of the format, whatever the scout came to', () => {
  fc.assert(
    fc.property(scout, fc.constantFrom(...PROFILES), (found, profile) => {
      const { floor, ceiling } = qualityRange(profile, found)
      expect(floor).toBeGreaterThanOrEqual(profile.floor)
      expect(floor).toBeLessThanOrEqual(ceiling)
      expect(ceiling).toBeLessThanOrEqual(profile.ceiling)
      if (ceiling < profile.ceiling)
        expect(predictedScore(profile, found, found.score, ceiling)).toBeGreaterThanOrEqual(INDISTINGUISHABLE)
      if (floor < ceiling) expect(predictedScore(profile, found, found.score, floor)).toBeGreaterThanOrEqual(POOR)
    }),
  )
})

it('asks for less where more could not be seen, and for more where less would be poor', () => {
  for (const profile of PROFILES) {
    const flat = qualityRange(profile, { bytes: 20_000, density: 0.02, score: 0.99999 })
    expect(flat.ceiling).toBeLessThan(profile.ceiling - 5)
    expect(qualityRange(profile, { bytes: 200_000, density: 0.2, score: 0.997 }).ceiling).toBe(profile.ceiling)
    expect(qualityRange(profile, { bytes: 200_000, density: 0.2, score: 0.98 }).floor).toBeGreaterThan(profile.floor)
    expect(qualityRange(profile, { bytes: 90_000, density: 0.1, score: null }).floor).toBe(profile.floor)
    expect(qualityRange(profile, null)).toEqual({ floor: profile.floor, ceiling: profile.ceiling })
  }
})
