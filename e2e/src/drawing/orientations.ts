import sharp from 'sharp'
import { drawPixels, freshSeed } from './photo.ts'

export const ORIENTATIONS = [1, 2, 3, 4, 5, 6, 7, 8] as const
export type Orientation = (typeof ORIENTATIONS)[number]

const WIDTH = 240
const HEIGHT = 160

/** The colours of the four quarters, as a person has to see them: top left, top right, bottom left, bottom right. */
export const QUARTERS = ['red', 'green', 'blue', 'white'] as const
const COLORS: Record<(typeof QUARTERS)[number], readonly [number, number, number]> = {
  red: [220, 30, 30],
  green: [30, 200, 30],
  blue: [30, 30, 220],
  white: [240, 240, 240],
}

/** Where pixel (x, y) of the stored picture is on the displayed one (EXIF 2.3, orientation), both from the top left. */
const DISPLAYED: Record<Orientation, (x: number, y: number) => readonly [number, number]> = {
  1: (x, y) => [x, y],
  2: (x, y) => [WIDTH - 1 - x, y],
  3: (x, y) => [WIDTH - 1 - x, HEIGHT - 1 - y],
  4: (x, y) => [x, HEIGHT - 1 - y],
  5: (x, y) => [y, x],
  6: (x, y) => [WIDTH - 1 - y, x],
  7: (x, y) => [WIDTH - 1 - y, HEIGHT - 1 - x],
  8: (x, y) => [y, HEIGHT - 1 - x],
}

/** A landscape picture of four coloured quarters, stored lying as the orientation says and tagged with it. */
export function drawLying(orientation: Orientation): Promise<Buffer> {
  const isTurned = orientation >= 5
  const [width, height] = isTurned ? [HEIGHT, WIDTH] : [WIDTH, HEIGHT]
  const grain = drawPixels({ seed: freshSeed(), width, height, grain: 1 })
  const pixels = Buffer.alloc(width * height * 3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [left, top] = DISPLAYED[orientation](x, y)
      const quarter = QUARTERS[(left < WIDTH / 2 ? 0 : 1) + (top < HEIGHT / 2 ? 0 : 2)] ?? 'white'
      const at = (y * width + x) * 3
      for (const [channel, value] of COLORS[quarter].entries())
        pixels[at + channel] = Math.min(255, value + (grain[at + channel] ?? 0) / 32)
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .withMetadata({ orientation })
    .jpeg({ quality: 95 })
    .toBuffer()
}

/** The names of the colours in the four quarters of a picture, as its pixels lie. */
export async function readQuarters(bytes: Uint8Array): Promise<string[]> {
  const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  return [0, 1, 2, 3].map(quarter => {
    const x = Math.floor(info.width * (quarter % 2 === 0 ? 0.25 : 0.75))
    const y = Math.floor(info.height * (quarter < 2 ? 0.25 : 0.75))
    const at = (y * info.width + x) * info.channels
    return nearest([data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0])
  })
}

const nearest = (color: readonly number[]): string => {
  const distance = (name: (typeof QUARTERS)[number]) =>
    COLORS[name].reduce((sum, value, channel) => sum + Math.abs(value - (color[channel] ?? 0)), 0)
  return [...QUARTERS].sort((left, right) => distance(left) - distance(right))[0] ?? ''
}
