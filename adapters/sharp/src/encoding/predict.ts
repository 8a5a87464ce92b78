import { curveAt } from './curve.ts'
import type { FormatProfile } from './formats.ts'

/**
 * One size of these pixels: of a final encode, of a probe, or what the scout (or a final of more pixels) lets expect of
 * a final.
 */
export interface Measurement {
  kind: 'expected' | 'probe' | 'final'
  quality: number
  bytes: number
}

/** The parts of a format's profile that prediction needs. */
export type SizeModel = Pick<FormatProfile, 'ceiling' | 'floor' | 'curve' | 'probeOffset' | 'probeSpread' | 'scout'>

export interface Prediction {
  /** ln of the expected bytes of a final encode. */
  logBytes: number
  /** Standard deviation of that. */
  spread: number
}

/**
 * How much the spread grows per unit of ln(bytes) between the measurement and what is asked for. What is expected of a
 * scout holds at every quality nearly alike; from a file, the picture's own curve leads elsewhere than the usual one.
 */
const DRIFT = { expected: 0.05, probe: 0.12, final: 0.12 }
const FINAL_SPREAD = 0.01

const asFinal = (model: SizeModel, { kind, bytes }: Measurement): Prediction => {
  const log = Math.log(bytes)
  if (kind === 'final') return { logBytes: log, spread: FINAL_SPREAD }
  return kind === 'probe'
    ? { logBytes: log + model.probeOffset, spread: model.probeSpread }
    : { logBytes: log, spread: model.scout.spread }
}

/** How much steeper this picture's curve is than the usual one, where two measurements of one kind tell. */
const steepness = (model: SizeModel, measurements: readonly Measurement[], kind: Measurement['kind']): number => {
  const [one, other] = measurements.filter(measured => measured.kind === kind).slice(-2)
  if (one === undefined || other === undefined) return 1
  const usual = curveAt(model.curve, one.quality) - curveAt(model.curve, other.quality)
  if (Math.abs(usual) < 0.1) return 1
  return Math.min(1.8, Math.max(0.6, Math.log(one.bytes / other.bytes) / usual))
}

/**
 * Foretells ln(bytes) of a final encode at a quality: from the most trustworthy measurement, along the format's curve.
 * @param measurements of these very pixels, at least one
 */
export const predict = (model: SizeModel, measurements: readonly Measurement[], quality: number): Prediction => {
  const slope = Math.max(steepness(model, measurements, 'final'), steepness(model, measurements, 'probe'))
  let best: Prediction | undefined
  for (const measured of measurements) {
    const distance = slope * (curveAt(model.curve, quality) - curveAt(model.curve, measured.quality))
    const base = asFinal(model, measured)
    const spread = base.spread + DRIFT[measured.kind] * Math.abs(distance)
    if (best === undefined || spread < best.spread) best = { logBytes: base.logBytes + distance, spread }
  }
  if (best === undefined) throw new Error('a prediction needs a measurement')
  return best
}
