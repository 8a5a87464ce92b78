import type { Luma } from './luma.ts'

/** Structural similarity of two pictures at one scale, weighted means over all windows: 1 where they are the same. */
export interface Similarity {
  /** Luminance × contrast × structure: SSIM itself. */
  ssim: number
  /** Contrast × structure alone. */
  contrastStructure: number
}

const BLOCK = 4
/** Pixels a side of the smallest picture that has a window. */
export const WINDOW = 2 * BLOCK
const PIXELS = WINDOW ** 2
// Of the paper, times the square of PIXELS: sums are compared here, not means.
const C1 = (0.01 * 255 * PIXELS) ** 2
const C2 = (0.03 * 255 * PIXELS) ** 2

/** The weight of a window without any content, against ln 2 of one whose variances make C2. */
const LEAST_WEIGHT = 0.05

/** Per block of 4 × 4 pixels: the sum of either picture, of the squares of both, and of the products. */
const SUMS = 4

const sumBlocks = (a: Uint8Array, b: Uint8Array, width: number, top: number, sums: Int32Array): void => {
  for (let at = 0, left = top * width; at < sums.length; at += SUMS, left += BLOCK) {
    let sumA = 0
    let sumB = 0
    let squares = 0
    let products = 0
    for (let row = left; row < left + BLOCK * width; row += width)
      for (let pixel = row; pixel < row + BLOCK; pixel++) {
        const one = a[pixel] ?? 0
        const other = b[pixel] ?? 0
        sumA += one
        sumB += other
        squares += one * one + other * other
        products += one * other
      }
    sums[at] = sumA
    sums[at + 1] = sumB
    sums[at + 2] = squares
    sums[at + 3] = products
  }
}

/** A sum over the four blocks of a window. */
const ofWindow = (above: Int32Array, below: Int32Array, at: number): number =>
  (above[at] ?? 0) + (above[at + SUMS] ?? 0) + (below[at] ?? 0) + (below[at + SUMS] ?? 0)

/**
 * SSIM (Wang, Bovik, Sheikh, Simoncelli: "Image quality assessment: from error visibility to structural similarity",
 * 2004) over windows of 8 × 8 pixels, 4 apart, as x264 and FFmpeg's filter `ssim` compute it: each sum over a block of
 * 4 × 4 pixels serves the four windows that it is in. A last row or column of less than a block is left out.
 *
 * Windows count by their content, ln(1 + variances / C2), after Wang and Li: "Information content weighting for
 * perceptual image quality assessment", 2011. With equal weights the white of a screenshot hides what becomes of its
 * letters.
 * @param one at least 8 pixels a side, and of the same sides as the other
 */
export const similarity = (one: Luma, other: Luma): Similarity => {
  const columns = Math.floor(one.width / BLOCK)
  const rows = Math.floor(one.height / BLOCK)
  let above = new Int32Array(columns * SUMS)
  let below = new Int32Array(columns * SUMS)
  let ssim = 0
  let contrastStructure = 0
  let weights = 0
  sumBlocks(one.data, other.data, one.width, 0, above)
  for (let row = 1; row < rows; row++) {
    sumBlocks(one.data, other.data, one.width, row * BLOCK, below)
    for (let at = 0; at < (columns - 1) * SUMS; at += SUMS) {
      const sumA = ofWindow(above, below, at)
      const sumB = ofWindow(above, below, at + 1)
      const ofMeans = sumA * sumA + sumB * sumB
      const variances = PIXELS * ofWindow(above, below, at + 2) - ofMeans
      const covariance = PIXELS * ofWindow(above, below, at + 3) - sumA * sumB
      const cs = (2 * covariance + C2) / (variances + C2)
      const weight = LEAST_WEIGHT + Math.log(1 + variances / C2)
      weights += weight
      contrastStructure += weight * cs
      ssim += weight * cs * ((2 * sumA * sumB + C1) / (ofMeans + C1))
    }
    const spent = above
    above = below
    below = spent
  }
  return { ssim: ssim / weights, contrastStructure: contrastStructure / weights }
}
