import { DEFAULT_VARIANTS, type VariantSpec } from '@calotype/core'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { variantSides, workingSides } from './geometry.ts'

const side = fc.integer({ min: 1, max: 12_000 })
const [thumb, full] = DEFAULT_VARIANTS
const inside: VariantSpec = {
  name: 'full',
  width: 1200,
  height: 1200,
  fit: 'inside',
  formats: ['jpeg'],
  maxBytes: null,
}

it('keeps every picture inside its box, upright ratio and all, and never enlarges it', () => {
  fc.assert(
    fc.property(side, side, (width, height) => {
      const sides = variantSides({ width, height }, inside)
      expect(Math.max(sides.width, sides.height)).toBeLessThanOrEqual(Math.min(1200, Math.max(width, height)))
      expect(Math.min(sides.width, sides.height)).toBeGreaterThanOrEqual(1)
      expect(Math.abs(sides.width * height - sides.height * width)).toBeLessThanOrEqual(Math.max(width, height))
    }),
  )
})

it('decodes as many pixels as the most demanding variant needs, and no more than there are', () => {
  fc.assert(
    fc.property(side, side, (width, height) => {
      const working = workingSides({ width, height }, DEFAULT_VARIANTS)
      expect(working.width).toBeLessThanOrEqual(width)
      expect(working.height).toBeLessThanOrEqual(height)
      for (const need of [150, variantSides({ width, height }, inside).width])
        expect(working.width >= Math.min(need, width) - 1).toBe(true)
    }),
  )
})

it('fills the box of a thumb exactly, even from a smaller picture', () => {
  if (thumb === undefined || full === undefined) throw new Error('the default variants are thumb and full')
  expect(variantSides({ width: 40, height: 20 }, thumb)).toEqual({ width: 150, height: 150 })
  expect(variantSides({ width: 8000, height: 1 }, full)).toEqual({ width: 1200, height: 1 })
  expect(workingSides({ width: 8000, height: 600 }, DEFAULT_VARIANTS)).toEqual({ width: 2000, height: 150 })
})
