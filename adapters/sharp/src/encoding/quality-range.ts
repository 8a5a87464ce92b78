import type { FormatProfile } from './formats.ts'
import { predictedScore, type Scout } from './scout.ts'

/** The qualities that are tried, both included. */
export type QualityRange = Pick<FormatProfile, 'floor' | 'ceiling'>

/** From this score on nobody tells the picture from its reference: more quality is bytes for nothing. */
export const INDISTINGUISHABLE = 0.9995
/** Below this score fewer pixels look better. */
export const POOR = 0.975

const lowestReaching = (profile: FormatProfile, scout: Scout, scoutScore: number, score: number): number => {
  for (let quality = profile.floor; quality < profile.ceiling; quality++)
    if (predictedScore(profile, scout, scoutScore, quality) >= score) return quality
  return profile.ceiling
}

/**
 * The qualities between which a picture's file is sought: no lower than where it turns poor, no higher than where it is
 * indistinguishable, both foretold from the scout, within the format's own floor and ceiling.
 */
export const qualityRange = (profile: FormatProfile, scout: Scout | null): QualityRange => {
  if (scout === null || scout.score === null) return { floor: profile.floor, ceiling: profile.ceiling }
  // Halfway down at most: of nearly empty pictures the scout tells little, and they are small anyway.
  const lowest = Math.round((profile.floor + profile.ceiling) / 2)
  const ceiling = Math.max(lowest, lowestReaching(profile, scout, scout.score, INDISTINGUISHABLE))
  return { floor: Math.min(ceiling, lowestReaching(profile, scout, scout.score, POOR)), ceiling }
}
