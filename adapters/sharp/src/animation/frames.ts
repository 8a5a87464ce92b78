import sharp from 'sharp'
import type { Sides } from '../encoding/geometry.ts'

/** The decoded frames of an animation, whole pictures one below the other: samples of 8 bits, sRGB. */
export interface Frames {
  data: Buffer
  /** Sides of one frame, in pixels. */
  width: number
  height: number
  channels: 3 | 4
  /** How long each frame is shown, in milliseconds. */
  delays: readonly number[]
  /** How often it plays; 0 for ever. */
  loop: number
}

const LONGEST_DELAY_MS = 65_535

const frameBytes = ({ width, height, channels }: Frames): number => width * height * channels

/** What decoded frames may take, in bytes. */
export interface FrameBudget {
  /** Up to here all are decoded at once: each part costs decoding those before it again. */
  whole: number
  /** All of them as they are kept; there are as many again while they are scaled. */
  kept: number
  /** Those that are in memory at their full size; one of them always is. */
  decoded: number
}

const BUDGET: FrameBudget = { whole: 224 * 1024 * 1024, kept: 128 * 1024 * 1024, decoded: 100 * 1024 * 1024 }

const MOST_CHANNELS = 4

interface DecodedPages extends Sides {
  data: Buffer
  channels: 3 | 4
}

const decodePages = async (source: string, first: number, count: number): Promise<DecodedPages> => {
  const pages = { page: first, pages: count, failOn: 'warning' as const, limitInputPixels: false, sequentialRead: true }
  const { data, info } = await sharp(source, pages)
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
  if (info.channels !== 3 && info.channels !== 4) throw new Error(`the frames came out in ${info.channels} channels`)
  const height = info.height / count
  if (!Number.isInteger(height)) throw new Error('the frames came out in another number')
  return { data, width: info.width, height, channels: info.channels }
}

const bytesOf = ({ width, height }: Sides, frames: number): number => width * height * MOST_CHANNELS * frames

/**
 * Decodes every frame, a few at a time, and keeps them at the wanted sides, or smaller where they would be too many
 * bytes: an animation of so many pixels could not be encoded in the time that there is either.
 * @param stored sides of a frame in the file
 * @param wanted no larger than those
 * @throws whatever libvips finds wrong with the file
 */
export const decodeFrames = async (
  source: string,
  stored: Sides,
  wanted: Sides,
  { delays, loop }: Pick<Frames, 'delays' | 'loop'>,
  budget = BUDGET,
): Promise<Frames> => {
  const count = delays.length
  const fits = bytesOf(stored, count) <= budget.whole
  const factor = fits ? 1 : Math.min(1, Math.sqrt(budget.kept / bytesOf(wanted, count)))
  const width = Math.max(1, Math.round(wanted.width * factor))
  const height = Math.max(1, Math.round(wanted.height * factor))
  const atOnce = fits ? count : Math.max(1, Math.floor(budget.decoded / bytesOf(stored, 1)))
  let kept: Frames | undefined
  for (let first = 0; first < count; first += atOnce) {
    const some = delays.slice(first, first + atOnce)
    const pages = await decodePages(source, first, some.length)
    const scaled = await scaleFrames({ ...pages, delays: some, loop }, { width, height }, 'fill')
    if (some.length === count) return scaled
    kept ??= { ...scaled, delays, data: Buffer.alloc(width * height * pages.channels * count) }
    if (kept.channels !== pages.channels) throw new Error('the frames came out in different channels')
    scaled.data.copy(kept.data, first * frameBytes(kept))
  }
  if (kept === undefined) throw new Error('there are no frames')
  return kept
}

/** Every frame at these sides, one by one: nothing of a frame bleeds into the next. */
export const scaleFrames = async (frames: Frames, { width, height }: Sides, fit: 'cover' | 'fill'): Promise<Frames> => {
  if (width === frames.width && height === frames.height) return frames
  const { channels, delays } = frames
  const raw = { width: frames.width, height: frames.height, channels }
  const scaled: Frames = { ...frames, width, height, data: Buffer.alloc(width * height * channels * delays.length) }
  for (const index of delays.keys()) {
    const frame = frames.data.subarray(index * frameBytes(frames), (index + 1) * frameBytes(frames))
    const resized = await sharp(frame, { raw, limitInputPixels: false }).resize({ width, height, fit }).raw().toBuffer()
    resized.copy(scaled.data, index * frameBytes(scaled))
  }
  return scaled
}

/** Only every so many-th frame, shown for as long as those that it stands for. */
export const thinFrames = (frames: Frames, stride: number): Frames => {
  if (stride === 1) return frames
  const size = frameBytes(frames)
  const kept: Buffer[] = []
  const delays: number[] = []
  for (let index = 0; index < frames.delays.length; index += stride) {
    kept.push(frames.data.subarray(index * size, (index + 1) * size))
    const shown = frames.delays.slice(index, index + stride).reduce((sum, delay) => sum + delay, 0)
    delays.push(Math.min(LONGEST_DELAY_MS, shown))
  }
  return { ...frames, data: Buffer.concat(kept), delays }
}

/** Some frames in a row from the middle, where an animation moves as it mostly does. */
export const sampleFrames = (frames: Frames, count: number): Frames => {
  const first = Math.floor((frames.delays.length - count) / 2)
  const size = frameBytes(frames)
  return {
    ...frames,
    data: frames.data.subarray(first * size, (first + count) * size),
    delays: frames.delays.slice(first, first + count),
  }
}
