import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  DEFAULT_SOURCE_LIMITS,
  DEFAULT_VARIANTS,
  type RenderRequest,
  type SourceLimits,
  type VariantSpec,
} from '@calotype/core'
import sharp, { type Sharp } from 'sharp'
import { onTestFinished } from 'vitest'

/** Pictures drawn by code, at most 0.3 megapixels: no test needs a photo. */

/** Repeatable noise (mulberry32): 0 ≤ value < 1. */
const noiseFrom = (seed: number) => (): number => {
  seed = (seed + 0x6d2b79f5) | 0
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
}

/** Soft waves of colour with as much grain as asked for (0–255); without mirror symmetry. */
export const drawScene = (width: number, height: number, grain = 12): Sharp => {
  const random = noiseFrom(width * 31 + height)
  const data = Buffer.alloc(width * height * 3)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3
      const jitter = (random() - 0.5) * grain
      data[at] = Math.min(255, Math.max(0, (x / width) * 220 + jitter + 20))
      data[at + 1] = Math.min(255, Math.max(0, 120 + 90 * Math.sin(y / 17) + jitter))
      data[at + 2] = Math.min(255, Math.max(0, (y / height) * 180 + 40 * Math.sin(x / 29) + jitter + 30))
    }
  return sharp(data, { raw: { width, height, channels: 3 } })
}

/** A disc of one colour on nothing. */
export const drawDisc = (side: number): Sharp => {
  const data = Buffer.alloc(side * side * 4)
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const inside = (x - side / 2) ** 2 + (y - side / 2) ** 2 < (side / 2.5) ** 2
      data.set(inside ? [200, 40, 60, 255] : [0, 0, 0, 0], (y * side + x) * 4)
    }
  return sharp(data, { raw: { width: side, height: side, channels: 4 } })
}

/** An animated GIF of coloured frames. */
export const drawAnimation = async (side: number, frames: number): Promise<Buffer> => {
  const data = Buffer.alloc(side * side * frames * 3)
  for (let at = 0; at < data.length; at++) data[at] = (Math.floor(at / (side * side * 3)) * 53 + at * 7) % 256
  const raw = { width: side, height: side * frames, channels: 3 as const, pageHeight: side }
  return sharp(data, { raw }).gif().toBuffer()
}

export interface RequestOptions {
  declaredType?: string | null
  limits?: Partial<SourceLimits>
  variants?: readonly VariantSpec[]
}

/** A folder that goes with the running test. */
const temporaryFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'calotype-engine-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** A request for a file with these bytes, in folders that go with the running test. */
export const requestFor = async (bytes: Buffer | string, options: RequestOptions = {}): Promise<RenderRequest> => {
  const [outputDirectory, sourceDirectory] = await Promise.all([temporaryFolder(), temporaryFolder()])
  const source = join(sourceDirectory, 'original')
  await writeFile(source, bytes)
  return {
    source,
    outputDirectory,
    declaredType: options.declaredType ?? null,
    limits: { ...DEFAULT_SOURCE_LIMITS, ...options.limits },
    recipe: { id: 'test', variants: options.variants ?? DEFAULT_VARIANTS },
  }
}
