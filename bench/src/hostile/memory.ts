import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createSharpImageProcessor } from '@calotype/sharp'
import sharp from 'sharp'
import { megabytes, printTable, whole } from '../table.ts'
import { outcomeOf } from './outcome.ts'

const SIDE = 8_000

/** Waves, not flat, so that coders have something to hold. */
const drawLarge = async (): Promise<ReturnType<typeof sharp>> => {
  const tile = Buffer.alloc(500 * 500 * 3)
  for (let at = 0; at < tile.length; at++) tile[at] = (Math.sin(at / 97) * 60 + 120 + ((at * 7919) % 31)) & 255
  const small = await sharp(tile, { raw: { width: 500, height: 500, channels: 3 } })
    .png()
    .toBuffer()
  return sharp(small).resize(SIDE, SIDE, { kernel: 'linear' })
}

/** Frames below each other, as many as are accepted. */
const drawFrames = async (from: ReturnType<typeof sharp>): Promise<ReturnType<typeof sharp>> => {
  const raw = { width: 1_000, height: 99_000, channels: 3 as const, pageHeight: 1_000 }
  const data = await from
    .resize({ width: raw.width, height: raw.height, fit: 'fill', kernel: 'linear' })
    .raw()
    .toBuffer()
  return sharp(data, { raw, limitInputPixels: false }).webp({ effort: 0, quality: 60 })
}

const KINDS: readonly (readonly [
  name: string,
  limit: string,
  file: string,
  draw: (from: ReturnType<typeof sharp>) => ReturnType<typeof sharp> | Promise<ReturnType<typeof sharp>>,
])[] = [
  ['baseline JPEG', '≤ 400', 'a.jpg', from => from.jpeg({ quality: 90 })],
  ['PNG', '≤ 400', 'b.png', from => from.png({ compressionLevel: 1 })],
  [
    'progressive JPEG 4:4:4',
    '≤ 900',
    'c.jpg',
    from => from.jpeg({ quality: 90, progressive: true, chromaSubsampling: '4:4:4' }),
  ],
  ['interlaced PNG', '≤ 900', 'd.png', from => from.png({ compressionLevel: 1, progressive: true })],
  ['WebP', '≤ 900', 'e.webp', from => from.webp({ effort: 0 })],
  ['animated WebP, 99 × 1000 × 1000', '≤ 900', 'f.webp', drawFrames],
]

/** The highest resident memory of a process with the largest pictures that are accepted. */
export async function measureMemory(): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'calotype-large-'))
  try {
    const rows: string[][] = []
    for (const [name, limit, file, draw] of KINDS) {
      const source = path.join(folder, file)
      await (await draw(await drawLarge())).toFile(source)
      const engine = createSharpImageProcessor({ processes: 1 })
      const { code, peakBytes, wallMs } = await outcomeOf(engine, source)
      await engine.close()
      rows.push([name, code, peakBytes === null ? 'none' : megabytes(peakBytes), limit, whole(wallMs)])
    }
    printTable(`Peak memory with ${SIDE} × ${SIDE} pixels`, ['picture', 'ended', 'MB', 'wanted', 'ms'], rows)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const SMALL_IMAGES = 2_000
const WARM = 200

/** Slope of a line through values by their index (least squares). */
const slopeOf = (values: readonly number[]): number => {
  const middle = (values.length - 1) / 2
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const covariance = values.reduce((sum, value, index) => sum + (index - middle) * (value - mean), 0)
  return covariance / values.reduce((sum, _, index) => sum + (index - middle) ** 2, 0)
}

/** Whether one process grows over many small pictures. */
export async function measureGrowth(): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'calotype-small-'))
  const engine = createSharpImageProcessor({ processes: 1, jobsPerProcess: Number.POSITIVE_INFINITY })
  const peaks: number[] = []
  try {
    for (let index = 0; index < SMALL_IMAGES; index++) {
      const source = path.join(folder, `${index % 7}.jpg`)
      const side = 40 + (index % 7) * 20
      if (index < 7)
        await sharp({ create: { width: side, height: side, channels: 3, background: '#963' } })
          .jpeg()
          .toFile(source)
      const { peakBytes } = await outcomeOf(engine, source)
      if (index >= WARM && peakBytes !== null) peaks.push(peakBytes)
    }
  } finally {
    await engine.close()
    await rm(folder, { recursive: true, force: true })
  }
  printTable(
    `One process over ${SMALL_IMAGES} small pictures`,
    ['figure', 'found'],
    [
      ['first, MB', megabytes(peaks[0] ?? 0)],
      ['last, MB', megabytes(peaks.at(-1) ?? 0)],
      ['slope, KB per 1,000 pictures', whole(slopeOf(peaks))],
    ],
  )
}
