import type { VariantFormat } from '@calotype/core'
import { type Pixels, pipelineOf } from './pixels.ts'

/** A point of a size curve: quality, and ln(bytes / bytes at the ceiling). */
export type CurvePoint = readonly [quality: number, logRatio: number]

/**
 * How one format is encoded and how its size is foretold. The figures of curve, offsets and spreads are medians and
 * standard deviations over 26 camera photos at 1200 px; spreads are of ln(bytes).
 */
export interface FormatProfile {
  /** No more quality than this: the three ceilings look alike. */
  ceiling: number
  /** No less: below it fewer pixels look better. */
  floor: number
  effort: number
  chroma: '4:2:0'
  /** From the floor or below up to the ceiling. */
  curve: readonly CurvePoint[]
  /** ln(final / probe) of the same pixels at the same quality. */
  probeOffset: number
  probeSpread: number
  /** ln(final at the ceiling / scout), the scout being the probe of JPEG at its ceiling. */
  scoutOffset: number
  scoutSpread: number
  /** The bytes that are kept. */
  encode: (pixels: Pixels, quality: number) => Promise<Buffer>
  /** A fast encode of which only the size matters. */
  probe: (pixels: Pixels, quality: number) => Promise<Buffer>
}

// Effort 1 costs half of effort 2 for 2–4 % more bytes at equal quality, and effort 3 twice effort 2.
const AVIF_EFFORT = 1
// Effort 4 costs 120 ms more than 2 per photo and saves 4 %; its size follows that of effort 2 within 1.5 %.
const WEBP_EFFORT = 4

const avif: FormatProfile = {
  ceiling: 60,
  floor: 30,
  effort: AVIF_EFFORT,
  chroma: '4:2:0',
  curve: [
    [25, -1.526],
    [30, -1.242],
    [35, -1.019],
    [40, -0.809],
    [45, -0.553],
    [50, -0.354],
    [55, -0.188],
    [60, 0],
  ],
  probeOffset: -0.065,
  probeSpread: 0.055,
  scoutOffset: -0.56,
  scoutSpread: 0.11,
  encode: (pixels, quality) =>
    pipelineOf(pixels).avif({ quality, effort: AVIF_EFFORT, chromaSubsampling: '4:2:0' }).toBuffer(),
  probe: (pixels, quality) => pipelineOf(pixels).avif({ quality, effort: 0, chromaSubsampling: '4:2:0' }).toBuffer(),
}

const webp: FormatProfile = {
  ceiling: 80,
  floor: 40,
  effort: WEBP_EFFORT,
  chroma: '4:2:0',
  curve: [
    [30, -0.818],
    [45, -0.554],
    [60, -0.366],
    [70, -0.251],
    [80, 0],
  ],
  probeOffset: -0.045,
  probeSpread: 0.018,
  scoutOffset: -0.27,
  scoutSpread: 0.17,
  encode: (pixels, quality) => pipelineOf(pixels).webp({ quality, effort: WEBP_EFFORT }).toBuffer(),
  probe: (pixels, quality) => pipelineOf(pixels).webp({ quality, effort: 2 }).toBuffer(),
}

const jpeg: FormatProfile = {
  ceiling: 82,
  floor: 40,
  effort: 0,
  chroma: '4:2:0',
  curve: [
    [30, -1.103],
    [45, -0.78],
    [60, -0.536],
    [70, -0.335],
    [76, -0.19],
    [82, 0],
  ],
  probeOffset: -0.155,
  probeSpread: 0.035,
  scoutOffset: -0.124,
  scoutSpread: 0.035,
  encode: (pixels, quality) => pipelineOf(pixels).jpeg({ quality, mozjpeg: true }).toBuffer(),
  // mozjpeg's own quantisation table, or the sizes would not be comparable.
  probe: (pixels, quality) => pipelineOf(pixels).jpeg({ quality, quantisationTable: 3 }).toBuffer(),
}

export const FORMAT_PROFILES: Readonly<Record<VariantFormat, FormatProfile>> = { avif, webp, jpeg }
