import sharp, { type Sharp } from 'sharp'
import { drawHeif, gridData, irot, ispe } from './heif-container.ts'

/** Damaged files for fuzzing: small drawn pictures of every type, changed at random, the same each time for one seed. */

const SIDE = 24

const draw = (frames = 1): Sharp => {
  const data = Buffer.alloc(SIDE * SIDE * 4 * frames)
  for (let at = 0; at < data.length; at++) data[at] = at % 4 === 3 ? 255 : (at * 13 + (at >> 6) * 57) % 256
  return sharp(data, { raw: { width: SIDE, height: SIDE * frames, channels: 4, pageHeight: SIDE } })
}

const drawHeic = (): Buffer => {
  const tile = { type: 'hvc1', properties: [ispe(SIDE, SIDE)], data: Buffer.alloc(200, 7) }
  const whole = {
    type: 'grid',
    properties: [ispe(2 * SIDE, SIDE), irot(1)],
    data: gridData(1, 2, 2 * SIDE, SIDE),
    references: [{ type: 'dimg', to: [2, 3] }],
  }
  return drawHeif([whole, tile, tile])
}

/** One sound file of each kind (but HEIC, of which only the container is sound). */
export const drawSeeds = async (): Promise<readonly Buffer[]> => [
  ...(await Promise.all([
    draw()
      .jpeg()
      .withExif({ IFD0: { Make: 'Drawn' } })
      .toBuffer(),
    draw().jpeg({ progressive: true, chromaSubsampling: '4:4:4' }).withIccProfile('p3').toBuffer(),
    draw().toColourspace('cmyk').jpeg().toBuffer(),
    draw().png().toBuffer(),
    draw().png({ palette: true, progressive: true }).toBuffer(),
    draw().webp().toBuffer(),
    draw().webp({ lossless: true }).toBuffer(),
    draw(3).webp().toBuffer(),
    draw(3)
      .gif({ delay: [50, 50, 50] })
      .toBuffer(),
    draw().avif({ effort: 0 }).toBuffer(),
  ])),
  drawHeic(),
]

/** Repeatable noise (mulberry32): 0 ≤ value < 1. */
const noiseFrom = (seed: number) => (): number => {
  seed = (seed + 0x6d2b79f5) | 0
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
}

/** Values at which lengths and counts break. */
const EDGES = [0, 1, 0x7f, 0x80, 0xff]

/** One of the seeds, changed in one to eight ways: bytes overwritten, parts cut out, doubled, or the end cut off. */
export const mutate = (seeds: readonly Buffer[], seed: number): Buffer => {
  const random = noiseFrom(seed)
  const below = (limit: number): number => Math.floor(random() * limit)
  let file = Buffer.from(seeds[below(seeds.length)] ?? Buffer.alloc(0))
  for (let change = below(8); change >= 0 && file.length > 0; change--) {
    // Headers are where decoders decide: half of all changes happen there.
    const at = random() < 0.5 ? below(Math.min(64, file.length)) : below(file.length)
    const length = below(16)
    const kind = below(8)
    if (kind < 3) file[at] = below(256)
    else if (kind < 5) file.fill(EDGES[below(EDGES.length)] ?? 0, at, Math.min(file.length, at + 1 + below(4)))
    else if (kind === 5) file = Buffer.concat([file.subarray(0, at), file.subarray(at + length)])
    else if (kind === 6) file = Buffer.concat([file.subarray(0, at + length), file.subarray(at)])
    else file = file.subarray(0, at)
  }
  return file
}
