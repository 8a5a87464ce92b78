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

/** Decodes every frame to its full size. @throws whatever libvips finds wrong with the file */
export const decodeFrames = async (source: string, timing: Pick<Frames, 'delays' | 'loop'>): Promise<Frames> => {
  const { data, info } = await sharp(source, { animated: true, failOn: 'warning', limitInputPixels: false })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
  if (info.channels !== 3 && info.channels !== 4) throw new Error(`the frames came out in ${info.channels} channels`)
  const height = info.height / timing.delays.length
  if (!Number.isInteger(height)) throw new Error('the frames came out in another number')
  return { data, width: info.width, height, channels: info.channels, ...timing }
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
