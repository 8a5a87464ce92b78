import { describe, expect, it } from 'vitest'
import { type AnimationEstimate, planAnimation, predictBytes } from './plan.ts'

const MEBIBYTE = 1024 ** 2
const estimate = (megabytes: number, encodeMs = 1_000): AnimationEstimate => ({
  frames: 100,
  bytesAtCeiling: megabytes * MEBIBYTE,
  bytesAtFloor: (megabytes * MEBIBYTE) / 2,
  encodeMs,
})

describe('planning an animation', () => {
  it('gives up quality first, then pixels, then every second frame', () => {
    expect(planAnimation(estimate(0.9), MEBIBYTE, 5_000)).toEqual({ quality: 75, scale: 1, stride: 1 })
    expect(planAnimation(estimate(1.5), MEBIBYTE, 5_000)).toMatchObject({ scale: 1, stride: 1 })
    expect(planAnimation(estimate(4), MEBIBYTE, 5_000)).toMatchObject({ stride: 1 })
    expect(planAnimation(estimate(7), MEBIBYTE, 5_000)).toMatchObject({ stride: 2 })
    expect(planAnimation(estimate(1_000), MEBIBYTE, 5_000)).toBeNull()
  })

  it('never plans past the target', () => {
    for (let megabytes = 0.1; megabytes < 30; megabytes *= 1.3) {
      const plan = planAnimation(estimate(megabytes), MEBIBYTE, 5_000)
      if (plan !== null) expect(predictBytes(estimate(megabytes), plan)).toBeLessThanOrEqual(MEBIBYTE)
    }
  })

  it('plans within the time that there is', () => {
    expect(planAnimation(estimate(0.1, 8_000), MEBIBYTE, 5_000)).toMatchObject({ quality: 75, scale: 0.77, stride: 1 })
    expect(planAnimation(estimate(0.1, 30_000), MEBIBYTE, 5_000)).toMatchObject({ stride: 2 })
  })
})
