import { describe, expect, it } from 'vitest'
import { median, quantile } from './statistics.ts'

describe('median', () => {
  it('is the middle value, or the mean of the two middle ones', () => {
    expect(median([9, 1, 5])).toBe(5)
    expect(median([9, 1, 5, 7])).toBe(6)
    expect(median([10, 9, 100])).toBe(10)
  })

  it('is not a number where nothing was measured', () => {
    expect(median([])).toBeNaN()
  })
})

describe('quantile', () => {
  it('is a value that was measured, by nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index)
    expect(quantile(hundred, 0.95)).toBe(95)
    expect(quantile(hundred, 0.5)).toBe(50)
    expect(quantile([3, 1], 0.95)).toBe(3)
    expect(quantile([3, 1], 0)).toBe(1)
  })
})
