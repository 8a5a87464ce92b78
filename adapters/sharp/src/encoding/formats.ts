import type { VariantFormat } from '@calotype/core'
import type { CurvePoint } from './curve.ts'
import { type Pixels, pipelineOf } from './pixels.ts'

/**
 * How much a quantity of this format is, against what the scout of the same pixels came to: `base` + `perDensity` ×
 * (ln(scout bytes per pixel) + 1.8) + `perDecibel` × (scout's decibels − 27). Fitted by least squares.
 */
export interface ScoutModel {
  base: number
  perDensity: number
  perDecibel: number
  /** Standard deviation of what is foretold, left-one-out. */
  spread: number
}

/** A point of a score curve: decibels against the scout's, and how they change per unit of ln(scout bytes per pixel). */
export type ScorePoint = readonly [quality: number, decibels: number, perDensity: number]

/**
 * How one format is encoded, and how its size and score are foretold. The figures are of 24 camera photos at 1200 px;
 * sizes in ln(bytes).
 */
export interface FormatProfile {
  /** No more quality than this: the three ceilings have the same score, within half a decibel in the median. */
  ceiling: number
  /** No less: below it fewer pixels look better. */
  floor: number
  effort: number
  chroma: '4:2:0'
  /** ln(bytes / bytes at the ceiling), medians; from the floor or below up to the ceiling. */
  curve: readonly CurvePoint[]
  /** ln(bytes at the ceiling / scout's bytes). */
  scout: ScoutModel
  scoreCurve: readonly ScorePoint[]
  /** ln(final / probe) of the same pixels at the same quality. */
  probeOffset: number
  probeSpread: number
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
    [25, -1.433],
    [30, -1.184],
    [35, -0.995],
    [40, -0.796],
    [45, -0.549],
    [50, -0.34],
    [55, -0.182],
    [60, 0],
  ],
  scout: { base: -0.338, perDensity: 0.139, perDecibel: -0.039, spread: 0.07 },
  scoreCurve: [
    [30, -10.2, -2.8],
    [40, -7.5, -2.2],
    [50, -4.3, -1.6],
    [60, -1.5, -0.6],
  ],
  probeOffset: -0.065,
  probeSpread: 0.055,
  encode: (pixels, quality) =>
    pipelineOf(pixels).avif({ quality, effort: AVIF_EFFORT, chromaSubsampling: '4:2:0' }).toBuffer(),
  probe: (pixels, quality) => pipelineOf(pixels).avif({ quality, effort: 0, chromaSubsampling: '4:2:0' }).toBuffer(),
}

const webp: FormatProfile = {
  ceiling: 84,
  floor: 30,
  effort: WEBP_EFFORT,
  chroma: '4:2:0',
  curve: [
    [30, -1.006],
    [40, -0.793],
    [60, -0.553],
    [75, -0.387],
    [80, -0.178],
    [84, 0],
  ],
  scout: { base: 0.145, perDensity: 0.328, perDecibel: -0.038, spread: 0.075 },
  scoreCurve: [
    [40, -6, -0.6],
    [60, -3.9, -0.2],
    [75, -2.4, 0.2],
    [84, 0.4, 0.8],
  ],
  probeOffset: -0.045,
  probeSpread: 0.018,
  encode: (pixels, quality) => pipelineOf(pixels).webp({ quality, effort: WEBP_EFFORT }).toBuffer(),
  probe: (pixels, quality) => pipelineOf(pixels).webp({ quality, effort: 2 }).toBuffer(),
}

const jpeg: FormatProfile = {
  ceiling: 76,
  floor: 35,
  effort: 0,
  chroma: '4:2:0',
  curve: [
    [30, -0.901],
    [40, -0.676],
    [50, -0.508],
    [60, -0.345],
    [70, -0.147],
    [76, 0],
  ],
  scout: { base: -0.138, perDensity: 0.027, perDecibel: 0.002, spread: 0.035 },
  scoreCurve: [
    [40, -6.1, -0.7],
    [60, -3.5, -0.7],
    [70, -1.7, -0.3],
    [76, -0.4, -0.2],
  ],
  probeOffset: -0.155,
  probeSpread: 0.035,
  encode: (pixels, quality) => pipelineOf(pixels).jpeg({ quality, mozjpeg: true }).toBuffer(),
  // mozjpeg's own quantisation table, or the sizes would not be comparable.
  probe: (pixels, quality) => pipelineOf(pixels).jpeg({ quality, quantisationTable: 3 }).toBuffer(),
}

export const FORMAT_PROFILES: Readonly<Record<VariantFormat, FormatProfile>> = { avif, webp, jpeg }
