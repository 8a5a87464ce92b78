import { type Measurement, predict, type SizeModel } from './predict.ts'

/** What to do next for one format of one variant. Scale: of the sides, against the pixels that were measured. */
export type Step =
  | { do: 'encode'; quality: number }
  | { do: 'probe'; quality: number }
  | { do: 'shrink'; scale: number }
  | { do: 'accept'; quality: number }

/** Below its ceiling a file is meant to use this share of its target at least. */
export const LEAST_USE = 0.85

/** Standard deviations that are kept below the target: one aim in six overshoots, and costs less than probes would. */
const CAUTION = 1
/** The same where an encode is known: what follows it must land. */
const CAUTION_AGAIN = 1.8
/** A prediction less certain than this is worth a probe before an encode. */
const CERTAIN = 0.13
/** Deviations by which even the floor must be expected to miss before pixels go without a probe. */
const HOPELESS = 2.5
const MOST_PROBES = 2
const MOST_ENCODES = 4
/** Bytes follow the area to this power: fewer pixels hold more each. Of noisy photos 0.7–0.95; what is foretold must fit. */
export const AREA_EXPONENT = 0.85

const ABOVE_FLOOR = 6

/** The quality that a shrunken picture is meant to have: a little above the floor. */
export const shrunkenQuality = ({ floor, ceiling }: Pick<SizeModel, 'floor' | 'ceiling'>): number =>
  Math.min(ceiling, floor + ABOVE_FLOOR)

/** The highest quality from `low` to `high` whose predicted size, so many deviations added, fits; null if none does. */
const highestFitting = (
  model: SizeModel,
  measurements: readonly Measurement[],
  range: { low: number; high: number },
  logTarget: number,
  caution: number,
): number | null => {
  for (let quality = range.high; quality >= range.low; quality--) {
    const { logBytes, spread } = predict(model, measurements, quality)
    if (logBytes + caution * spread <= logTarget) return quality
  }
  return null
}

/**
 * The factor for the sides with which the picture should fit a little above the quality floor.
 * @returns 0.3–0.92
 */
const shrinkScale = (model: SizeModel, measurements: readonly Measurement[], logTarget: number): number => {
  const excess = predict(model, measurements, shrunkenQuality(model)).logBytes - logTarget + 0.05
  return Math.min(0.92, Math.max(0.3, Math.exp(-excess / AREA_EXPONENT / 2)))
}

/**
 * Decides the next step towards the best quality that fits a byte target. Pure; the measurements are of one size of
 * pixels. It ends: each encode narrows the range of qualities, and after MOST_ENCODES the best is taken or pixels go.
 * @param maxBytes the target, never exceeded by what is accepted
 * @param measurements at least one, in the order they were made
 */
export const nextStep = (model: SizeModel, measurements: readonly Measurement[], maxBytes: number): Step => {
  const logTarget = Math.log(maxBytes)
  const finals = measurements.filter(({ kind }) => kind === 'final')
  const best = finals.filter(({ bytes }) => bytes <= maxBytes).sort((a, b) => b.quality - a.quality)[0]
  const lowestOver = Math.min(...finals.filter(({ bytes }) => bytes > maxBytes).map(({ quality }) => quality))
  const range = { low: best ? best.quality + 1 : model.floor, high: Math.min(model.ceiling, lowestOver - 1) }
  const spent = finals.length >= MOST_ENCODES || range.low > range.high

  if (best && (spent || best.bytes >= LEAST_USE * maxBytes)) return { do: 'accept', quality: best.quality }
  if (spent) return { do: 'shrink', scale: shrinkScale(model, measurements, logTarget) }

  const caution = finals.length > 0 ? CAUTION_AGAIN : CAUTION
  const safe = highestFitting(model, measurements, range, logTarget, caution)
  if (safe === model.ceiling) return { do: 'encode', quality: safe }
  const expected = highestFitting(model, measurements, range, logTarget, 0)
  const guess = expected ?? range.low
  const hopeless = highestFitting(model, measurements, range, logTarget, -HOPELESS) === null
  const probes = measurements.filter(({ kind }) => kind === 'probe')
  if (
    finals.length === 0 &&
    probes.length < MOST_PROBES &&
    (expected === null ? !hopeless : predict(model, measurements, guess).spread > CERTAIN) &&
    !probes.some(({ quality }) => quality === guess)
  )
    return { do: 'probe', quality: guess }
  if (safe !== null) return { do: 'encode', quality: safe }
  if (best) return { do: 'accept', quality: best.quality }
  return expected === null
    ? { do: 'shrink', scale: shrinkScale(model, measurements, logTarget) }
    : { do: 'encode', quality: expected }
}
