import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type DecodingShape, estimateMemory, pixelsWithin } from './memory-estimate.ts'

const MEBIBYTE = 1024 * 1024
const shape: DecodingShape = {
  contentType: 'image/jpeg',
  width: 8000,
  height: 8000,
  channels: 3,
  bitsPerSample: 8,
  progressive: false,
  subsampled: true,
  frames: 1,
}

it('asks for more memory only where the decoder holds the whole picture', () => {
  expect(estimateMemory(shape)).toBeLessThan(512 * MEBIBYTE)
  expect(estimateMemory({ ...shape, contentType: 'image/png' })).toBeLessThan(512 * MEBIBYTE)
  expect(estimateMemory({ ...shape, progressive: true, subsampled: false })).toBeGreaterThan(512 * MEBIBYTE)
})

it('tells how many pixels fit into as much memory as they take', () => {
  const types = fc.constantFrom('image/jpeg', 'image/png', 'image/webp', 'image/avif', 'image/gif')
  fc.assert(
    fc.property(types, fc.integer({ min: 1, max: 8000 }), fc.boolean(), (contentType, width, progressive) => {
      const drawn = { ...shape, contentType, width, progressive }
      const pixels = pixelsWithin(drawn, estimateMemory(drawn))
      expect(Math.abs(pixels - width * shape.height)).toBeLessThanOrEqual(10)
    }),
  )
})
