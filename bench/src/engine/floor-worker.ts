import {
  dropOpaqueAlpha,
  FORMAT_PROFILES,
  flattenOnWhite,
  type Pixels,
  pipelineOf,
  scaleTo,
  toPixels,
} from '@calotype/sharp/encoding'
import sharp from 'sharp'
import type { FloorAnswer, FloorJob, FloorVariant } from './floor.ts'

/** The program that measures the floor: in a process like the engine's, one decode and the encodes that were kept. */

const pixelsOf = async (decoded: Pixels, { fit, width, height }: FloorVariant): Promise<Pixels> =>
  fit === 'cover' ? toPixels(pipelineOf(decoded).resize({ width, height, fit })) : scaleTo(decoded, width, height)

const make = async ({ source, working, variants }: FloorJob): Promise<void> => {
  const decoded = await dropOpaqueAlpha(
    await toPixels(
      sharp(source, { limitInputPixels: false, sequentialRead: true })
        .autoOrient()
        .resize({ ...working, fit: 'fill' })
        .toColourspace('srgb'),
    ),
  )
  const resized = new Map<string, Pixels>()
  for (const variant of variants) {
    const size = `${variant.fit} ${variant.width} ${variant.height}`
    const pixels = resized.get(size) ?? (await pixelsOf(decoded, variant))
    resized.set(size, pixels)
    const flat = variant.format === 'jpeg' ? await flattenOnWhite(pixels) : pixels
    await FORMAT_PROFILES[variant.format].encode(flat, variant.quality)
  }
}

sharp.cache(false)
sharp.concurrency(1)
process.on('disconnect', () => process.exit(0))
process.on('message', async (job: FloorJob) => {
  const before = process.cpuUsage()
  await make(job)
  const { user, system } = process.cpuUsage(before)
  const answer: FloorAnswer = { cpuMs: (user + system) / 1000 }
  process.send?.(answer)
})
