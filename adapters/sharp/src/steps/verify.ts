import { FORMAT_CONTENT_TYPES, type VariantFormat } from '@calotype/core'
import sharp from 'sharp'
import type { Encoded } from '../encoding/search.ts'

const SHARP_FORMATS: Record<VariantFormat, string> = { avif: 'heif', webp: 'webp', jpeg: 'jpeg' }

/**
 * Parses a file that is about to be kept: it must be what it claims and carry nothing of the original but the picture.
 * @throws Error when the encoder did something else than asked, which is a defect
 */
export const verify = async (
  format: VariantFormat,
  { file, width, height }: Pick<Encoded, 'file' | 'width' | 'height'>,
): Promise<void> => {
  const found = await sharp(file).metadata()
  if (found.format !== SHARP_FORMATS[format]) throw new Error(`${format} came out as ${found.format}`)
  if (found.width !== width || found.height !== height)
    throw new Error(`${FORMAT_CONTENT_TYPES[format]} came out as ${found.width} × ${found.height}`)
  for (const part of ['exif', 'xmp', 'iptc', 'icc', 'tifftagPhotoshop', 'comments'] as const)
    if (found[part] !== undefined) throw new Error(`${format} carries ${part}`)
}
