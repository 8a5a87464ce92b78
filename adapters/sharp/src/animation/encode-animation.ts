import sharp from 'sharp'
import { type Frames, sampleFrames, scaleFrames, thinFrames } from './frames.ts'
import { ANIMATION_CEILING, ANIMATION_FLOOR, type AnimationEstimate, planAnimation, predictBytes } from './plan.ts'

/** The target of an animated WebP in bytes (requirement V6). */
export const ANIMATION_MAX_BYTES = 1024 * 1024

/** An animated WebP and what it took. */
export interface EncodedAnimation {
  file: Buffer
  width: number
  height: number
  quality: number
  effort: number
  encodes: number
  probes: number
}

const EFFORT = 2
/** What one encode may take: with all tries it stays far within the time limit of a job. */
const MOST_ENCODE_MS = 5_000
const MOST_ENCODES = 3
const SAMPLE_PIXELS = 4_000_000
const SMALLEST_SAMPLE = 4

const encode = ({ data, width, height, channels, delays, loop }: Frames, quality: number): Promise<Buffer> => {
  const raw = { width, height: height * delays.length, channels, pageHeight: height }
  // Mixed: drawn frames come out at half the size without loss.
  return sharp(data, { raw, limitInputPixels: false })
    .webp({ quality, effort: EFFORT, mixed: true, loop, delay: [...delays] })
    .toBuffer()
}

const estimate = async (frames: Frames): Promise<AnimationEstimate> => {
  const { width, height, delays } = frames
  const count = Math.min(delays.length, Math.max(SMALLEST_SAMPLE, Math.floor(SAMPLE_PIXELS / (width * height))))
  const sample = sampleFrames(frames, count)
  const started = performance.now()
  const atCeiling = await encode(sample, ANIMATION_CEILING)
  const share = delays.length / count
  const encodeMs = (performance.now() - started) * share
  const atFloor = await encode(sample, ANIMATION_FLOOR)
  return {
    frames: delays.length,
    bytesAtCeiling: atCeiling.length * share,
    bytesAtFloor: Math.min(atFloor.length, atCeiling.length) * share,
    encodeMs,
  }
}

/**
 * The best animated WebP within a target, in few encodes: a sample foretells bytes and time, and each encode that comes
 * out too large corrects the foretelling.
 * @returns null where none fits the target, or the time that there is
 */
export const encodeAnimation = async (frames: Frames, maxBytes: number): Promise<EncodedAnimation | null> => {
  const foretold = await estimate(frames)
  let aim = maxBytes
  for (let encodes = 1; encodes <= MOST_ENCODES; encodes++) {
    const plan = planAnimation(foretold, aim, MOST_ENCODE_MS)
    if (plan === null) return null
    const { quality, scale, stride } = plan
    const sides = {
      width: Math.max(1, Math.round(frames.width * scale)),
      height: Math.max(1, Math.round(frames.height * scale)),
    }
    const { width, height } = sides
    const file = await encode(await scaleFrames(thinFrames(frames, stride), sides, 'fill'), quality)
    if (file.length <= maxBytes) return { file, width, height, quality, effort: EFFORT, encodes, probes: 2 }
    aim = Math.min(aim * 0.9, (maxBytes * 0.95 * predictBytes(foretold, plan)) / file.length)
  }
  return null
}
