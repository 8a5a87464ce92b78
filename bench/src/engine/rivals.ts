import { readFile } from 'node:fs/promises'
import { VARIANT_FORMATS, type VariantFormat } from '@calotype/core'
import { type Pixels, pipelineOf, referenceOf, scoreOf, toPixels } from '@calotype/sharp/encoding'
import sharp from 'sharp'
import { printTable, whole } from '../table.ts'
import { render, withEngine } from './engine.ts'
import { enlarge } from './enlarge.ts'
import { listPhotos, type Photo } from './photos.ts'
import { fullSource } from './sweep.ts'

interface Rival {
  name: string
  format: VariantFormat
  encode: (pixels: Pixels) => Promise<Buffer>
}

const RIVALS: readonly Rival[] = [
  { name: "sharp's default (q 50)", format: 'avif', encode: pixels => pipelineOf(pixels).avif().toBuffer() },
  { name: "sharp's default (q 80)", format: 'webp', encode: pixels => pipelineOf(pixels).webp().toBuffer() },
  { name: 'WebP q 75', format: 'webp', encode: pixels => pipelineOf(pixels).webp({ quality: 75 }).toBuffer() },
  { name: "sharp's default (q 80)", format: 'jpeg', encode: pixels => pipelineOf(pixels).jpeg().toBuffer() },
  {
    name: 'mozjpeg q 75',
    format: 'jpeg',
    encode: pixels => pipelineOf(pixels).jpeg({ quality: 75, mozjpeg: true }).toBuffer(),
  },
]

interface Outcome {
  format: VariantFormat
  name: string
  bytes: number
  /** 1 − score: how far from the reference. */
  distance: number
}

const OURS = 'Calotype'
const MARGIN = 1.03

/** The files of one photo, each scored against its pixels before encoding, at 1200 px; a shrunken one as it is shown, enlarged. */
async function outcomesOf(photo: Photo, ours: ReadonlyMap<VariantFormat, Buffer>): Promise<Outcome[]> {
  const source = await fullSource(photo)
  if (source === null) return []
  const reference = referenceOf(source.flat)
  const { width, height } = source.flat
  const outcome = async (format: VariantFormat, name: string, file: Buffer): Promise<Outcome> => {
    const decoded = await toPixels(sharp(file).flatten({ background: '#ffffff' }))
    const shown = decoded.width === width ? decoded : enlarge(decoded, width, height)
    return { format, name, bytes: file.length, distance: 1 - (scoreOf(reference, shown) ?? 1) }
  }
  const outcomes: Outcome[] = []
  for (const format of VARIANT_FORMATS) {
    const file = ours.get(format)
    if (file !== undefined) outcomes.push(await outcome(format, OURS, file))
  }
  for (const { format, name, encode } of RIVALS)
    outcomes.push(await outcome(format, name, await encode(format === 'jpeg' ? source.flat : source.pixels)))
  return outcomes
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** Bytes and score per format against what sharp does when left alone and against the usual fixed qualities. */
export async function rivals(): Promise<void> {
  const photos = await listPhotos(['bench', 'photos'])
  const all = await withEngine(1, async engine => {
    const outcomes: Outcome[][] = []
    for (const photo of photos) {
      const ours = new Map<VariantFormat, Buffer>()
      await render(engine, photo, async ({ variants }) => {
        for (const { name, format, path } of variants) if (name === 'full') ours.set(format, await readFile(path))
      })
      outcomes.push(await outcomesOf(photo, ours))
    }
    return outcomes
  })
  const named = (name: string, format: VariantFormat): Outcome[] =>
    all.flatMap(outcomes => outcomes.filter(outcome => outcome.name === name && outcome.format === format))
  const row = (format: VariantFormat, name: string): string[] => {
    const [own, other] = [named(OURS, format), named(name, format)]
    const worse = own.filter((one, at) => {
      const { bytes = 0, distance = 0 } = other[at] ?? {}
      return one.bytes > MARGIN * bytes && one.distance > MARGIN * distance
    })
    const bytes = mean(other.map(one => one.bytes))
    const fits = other.filter(one => one.bytes <= 102_400).length / other.length
    const score = 1 - mean(other.map(({ distance }) => distance))
    return [
      `${format}: ${name}`,
      whole(bytes),
      score.toFixed(4),
      `${Math.round(fits * 100)} %`,
      name === OURS ? '–' : `${worse.length} of ${other.length}`,
    ]
  }
  printTable(
    'Bytes and score of full: means over the photos; worse: where ours has over 3 % more bytes and is over 3 % further from 1',
    ['', 'bytes', 'score', 'within target', 'ours worse on both'],
    VARIANT_FORMATS.flatMap(format => [
      row(format, OURS),
      ...RIVALS.filter(rival => rival.format === format).map(({ name }) => row(format, name)),
    ]),
  )
}
