import { DEFAULT_VARIANTS, VARIANT_FORMATS, type VariantFormat } from '@calotype/core'
import {
  dropOpaqueAlpha,
  expectedBytes,
  FORMAT_PROFILES,
  type Pixels,
  predict,
  predictedScore,
  scoreOf,
  sourceOf,
  toPixels,
  type VariantSource,
  workingSides,
} from '@calotype/sharp/encoding'
import sharp from 'sharp'
import type { Photo } from './photos.ts'

/** One file of a photo's `full`, and what was foretold of it. */
export interface SweepPoint {
  photo: string
  format: VariantFormat
  quality: number
  bytes: number
  score: number
  predictedBytes: number
  predictedScore: number
}

const FULL = DEFAULT_VARIANTS.filter(({ name }) => name === 'full')

/** The source of `full` as the engine has it; null where it is so small that nothing is foretold. */
export async function fullSource(photo: Photo): Promise<VariantSource | null> {
  const { autoOrient } = await sharp(photo.path).metadata()
  const [spec] = FULL
  if (spec === undefined) return null
  const decoded: Pixels = await dropOpaqueAlpha(
    await toPixels(
      sharp(photo.path)
        .autoOrient()
        .resize({ ...workingSides(autoOrient, FULL), fit: 'fill' })
        .toColourspace('srgb'),
    ),
  )
  return sourceOf(decoded, autoOrient, spec)
}

/** Encodes `full` of a photo at qualities from the floor to the ceiling of each format. */
export async function sweep(photo: Photo): Promise<SweepPoint[]> {
  const source = await fullSource(photo)
  if (source === null || source.scout === null || source.reference === null) return []
  const { reference } = source
  // Where the engine had no use for the scout's score, the sweep still wants to know what it would have foretold.
  const file = await FORMAT_PROFILES.jpeg.probe(source.flat, FORMAT_PROFILES.jpeg.ceiling)
  const scoutScore = scoreOf(reference, await toPixels(sharp(file))) ?? 1
  const scout = { ...source.scout, score: scoutScore }
  const points: SweepPoint[] = []
  for (const format of VARIANT_FORMATS) {
    const profile = FORMAT_PROFILES[format]
    const expected = { kind: 'expected' as const, quality: profile.ceiling, bytes: expectedBytes(profile, scout) }
    for (let step = 0; step <= 4; step++) {
      const quality = Math.round(profile.floor + ((profile.ceiling - profile.floor) * step) / 4)
      const file = await profile.encode(format === 'jpeg' ? source.flat : source.pixels, quality)
      points.push({
        photo: photo.name,
        format,
        quality,
        bytes: file.length,
        score: scoreOf(reference, await toPixels(sharp(file))) ?? 0,
        predictedBytes: Math.exp(predict(profile, [expected], quality).logBytes),
        predictedScore: predictedScore(profile, scout, scoutScore, quality),
      })
    }
  }
  return points
}
