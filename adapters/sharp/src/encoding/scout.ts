import { curveAt } from './curve.ts'
import type { FormatProfile } from './formats.ts'

/** What a cheap JPEG at its ceiling came to: from it sizes and scores of every format are foretold. */
export interface Scout {
  bytes: number
  /** Bytes per pixel. */
  density: number
  /** 0–1; null where it was not looked at. */
  score: number | null
}

/** About the middle of photos that need the whole target: where the models have their origin. */
const USUAL_LOG_DENSITY = -1.8
const USUAL_DECIBELS = 27

/** A score as its distance from 1, in decibels: near 1 all scores look alike, and these are nearly linear in quality. */
export const decibelsOf = (score: number): number => -10 * Math.log10(Math.max(1e-5, 1 - score))

const denseness = ({ density }: Scout): number => Math.log(density) - USUAL_LOG_DENSITY

/** More decibels tell nothing more about bytes. */
const MOST_DECIBELS = 33

/** The bytes that a final encode at the format's ceiling should have. */
export const expectedBytes = ({ scout: model }: Pick<FormatProfile, 'scout'>, scout: Scout): number => {
  const decibels = scout.score === null ? USUAL_DECIBELS : Math.min(decibelsOf(scout.score), MOST_DECIBELS)
  const logRatio = model.base + model.perDensity * denseness(scout) + model.perDecibel * (decibels - USUAL_DECIBELS)
  return scout.bytes * Math.exp(logRatio)
}

/** The score that a final encode of this quality should have. @param scoutScore 0–1 */
export const predictedScore = (
  { scoreCurve }: Pick<FormatProfile, 'scoreCurve'>,
  scout: Scout,
  scoutScore: number,
  quality: number,
): number => {
  const curve = scoreCurve.map(([at, decibels, perDensity]) => [at, decibels + perDensity * denseness(scout)] as const)
  return 1 - 10 ** (-(decibelsOf(scoutScore) + curveAt(curve, quality)) / 10)
}
