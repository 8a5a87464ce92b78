import { halfLuma, halve, type Luma } from './luma.ts'
import type { Pixels } from './pixels.ts'
import { similarity, WINDOW } from './similarity.ts'

/** Exponents of the scales of MS-SSIM from half the sides on; the finest scale of the paper has 0.0448 of 1. */
const EXPONENTS = [0.2856, 0.3001, 0.2363, 0.1333]

/** Pixels of a side below which a picture has too few windows for a mean of them to say anything. */
const LEAST_SIDE = 64

/** A picture made ready to be compared with several others. */
export interface Reference {
  width: number
  height: number
  scales: readonly Luma[]
}

const scalesOf = (pixels: Pixels): Luma[] => {
  const scales: Luma[] = []
  if (Math.min(pixels.width, pixels.height) < LEAST_SIDE) return scales
  for (let luma = halfLuma(pixels); scales.length < EXPONENTS.length; luma = halve(luma)) {
    if (Math.min(luma.width, luma.height) < WINDOW) break
    scales.push(luma)
  }
  return scales
}

/** The reference that encoded files of these pixels are compared with. */
export const referenceOf = (pixels: Pixels): Reference => ({
  width: pixels.width,
  height: pixels.height,
  scales: scalesOf(pixels),
})

/**
 * How much a picture looks like its reference: multi-scale SSIM on luma (Wang, Simoncelli, Bovik: "Multi-scale
 * structural similarity for image quality assessment", 2003) with windows weighted by content, without its finest scale,
 * which has a twentieth of the weight and three quarters of the work; the weights of the scales that the picture is
 * large enough for are made to sum to 1.
 * @param pixels of the same sides as the reference
 * @returns 0–1, 1 where nothing differs; null where a side is below 64 pixels, or the sides are not the same
 */
export const scoreOf = (reference: Reference, pixels: Pixels): number | null => {
  if (pixels.width !== reference.width || pixels.height !== reference.height) return null
  const last = reference.scales.length - 1
  if (last < 0) return null
  const weight = EXPONENTS.slice(0, last + 1).reduce((sum, exponent) => sum + exponent, 0)
  const logs = scalesOf(pixels).map((luma, scale) => {
    const original = reference.scales[scale]
    if (original === undefined) return 0
    const { ssim, contrastStructure } = similarity(original, luma)
    // The luminance counts at the coarsest scale only. Opposite structures make a negative mean: as unlike as can be.
    return ((EXPONENTS[scale] ?? 0) / weight) * Math.log(Math.max(1e-9, scale === last ? ssim : contrastStructure))
  })
  return Math.min(1, Math.exp(logs.reduce((sum, log) => sum + log, 0)))
}
