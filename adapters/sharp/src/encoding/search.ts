import type { FormatProfile } from './formats.ts'
import { AREA_EXPONENT, nextStep, shrunkenQuality } from './next-step.ts'
import { type Pixels, scaleTo } from './pixels.ts'
import { type Measurement, predict } from './predict.ts'
import type { QualityRange } from './quality-range.ts'

/** An encoded file and what it took. */
export interface Encoded {
  file: Buffer
  /** What was encoded: fewer pixels than at first where the target asked for it. */
  pixels: Pixels
  width: number
  height: number
  quality: number
  encodes: number
  probes: number
}

/** Below this many pixels a side no target is worth it. */
const SMALLEST_SIDE = 8
const MOST_SIZES = 8

interface Attempt {
  pixels: Pixels
  measurements: Measurement[]
  files: Map<number, Buffer>
}

/** Follows the steps for one size of pixels. @returns the accepted quality, or the factor for the next size */
const searchOneSize = async (
  profile: FormatProfile,
  range: QualityRange,
  { pixels, measurements, files }: Attempt,
  maxBytes: number,
): Promise<{ accepted: number } | { scale: number }> => {
  for (;;) {
    const step = nextStep({ ...profile, ...range }, measurements, maxBytes)
    if (step.do === 'accept') return { accepted: step.quality }
    if (step.do === 'shrink') return { scale: step.scale }
    const { quality } = step
    if (step.do === 'probe') {
      const { length } = await profile.probe(pixels, quality)
      measurements.push({ kind: 'probe', quality, bytes: length })
    } else {
      const file = await profile.encode(pixels, quality)
      files.set(quality, file)
      measurements.push({ kind: 'final', quality, bytes: file.length })
    }
  }
}

/**
 * The best-looking file of one format within a byte target: quality within the range first, then fewer pixels.
 * @param expectedBytes what is expected of these pixels at the format's ceiling; the first guess is made from it
 * @returns null where even a picture of a few pixels would not fit
 */
export const encodeWithin = async (
  profile: FormatProfile,
  range: QualityRange,
  original: Pixels,
  maxBytes: number,
  expectedBytes: number,
): Promise<Encoded | null> => {
  const count = { encodes: 0, probes: 0 }
  let pixels = original
  let expected: Measurement = { kind: 'expected', quality: profile.ceiling, bytes: expectedBytes }
  for (let size = 0; size < MOST_SIZES; size++) {
    const measurements = [expected]
    const files = new Map<number, Buffer>()
    const outcome = await searchOneSize(profile, range, { pixels, measurements, files }, maxBytes)
    count.encodes += files.size
    count.probes += measurements.length - files.size - 1
    if ('accepted' in outcome) {
      const file = files.get(outcome.accepted)
      if (file === undefined) throw new Error(`quality ${outcome.accepted} was accepted but never encoded`)
      return { file, pixels, width: pixels.width, height: pixels.height, quality: outcome.accepted, ...count }
    }
    // From the original pixels each time: nothing is resampled twice. Late sizes step down faster, so that it ends.
    const scale = (size < 3 ? outcome.scale : Math.min(outcome.scale, 0.5)) * (pixels.width / original.width)
    const width = Math.max(1, Math.round(original.width * scale))
    const height = Math.max(1, Math.round(original.height * scale))
    if (Math.max(width, height) < SMALLEST_SIDE) return null
    const areaRatio = (width * height) / (pixels.width * pixels.height)
    // Where the search goes on, not at the ceiling: what was measured lies near by.
    const quality = shrunkenQuality({ ...profile, ...range })
    const { logBytes } = predict(profile, measurements, quality)
    expected = { kind: 'expected', quality, bytes: Math.exp(logBytes) * areaRatio ** AREA_EXPONENT }
    pixels = await scaleTo(original, width, height)
  }
  return null
}
