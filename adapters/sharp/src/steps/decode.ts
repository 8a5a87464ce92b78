import { DomainError } from '@calotype/core'
import sharp from 'sharp'
import { workingSides } from '../encoding/geometry.ts'
import { dropOpaqueAlpha, type Pixels, toPixels } from '../encoding/pixels.ts'
import { decodeHeic } from '../heic/decode-heic.ts'
import type { Decoded, Described } from './context.ts'
import { asCorrupt } from './decoder-error.ts'

const decodePixels = async ({ request, header }: Described): Promise<Pixels> => {
  const { source, recipe } = request
  const sides = workingSides(header, recipe.variants)
  try {
    if (header.heic !== null) return await decodeHeic(source, header.heic, sides)
    // Warnings refuse the file: camera files that only warn are truly damaged (about 1 in 100).
    const pipeline = sharp(source, { failOn: 'warning', limitInputPixels: false, sequentialRead: true })
      .autoOrient()
      .resize({ ...sides, fit: 'fill' })
      .toColourspace('srgb')
    return await toPixels(pipeline)
  } catch (error) {
    throw error instanceof DomainError ? error : asCorrupt(error, source)
  }
}

/**
 * Decodes once, upright, in sRGB, at the largest size that a variant needs (the decoder shrinks while loading), and
 * reads the file to its end. Everything after works on these pixels. @throws corrupt_image
 */
export const decode = async (context: Described): Promise<Decoded> => ({
  ...context,
  pixels: await dropOpaqueAlpha(await decodePixels(context)),
})
