import { readFile } from 'node:fs/promises'
import sharp from 'sharp'
import type { Sides } from '../encoding/geometry.ts'
import { type Pixels, toPixels } from '../encoding/pixels.ts'
import { damaged } from './boxes.ts'
import { embedProfile, profileOf } from './embed-profile.ts'
import type { HeicHeader } from './header.ts'
import { type HeicPixels, withHeicPixels } from './libheif.ts'

/** Without the padding behind each row. */
const packRows = ({ data, stride, width, height }: HeicPixels): Uint8Array => {
  const row = width * 4
  if (stride === row) return data.subarray(0, row * height)
  const packed = Buffer.alloc(row * height)
  for (let y = 0; y < height; y++) packed.set(data.subarray(y * stride, y * stride + row), y * row)
  return packed
}

const shrink = (decoded: HeicPixels, sides: Sides, hasAlpha: boolean): Promise<Pixels> => {
  const raw = {
    width: decoded.width,
    height: decoded.height,
    channels: 4 as const,
    premultiplied: decoded.premultiplied && hasAlpha,
  }
  const pipeline = sharp(packRows(decoded), { raw, limitInputPixels: false })
  return toPixels((hasAlpha ? pipeline : pipeline.removeAlpha()).resize({ ...sides, fit: 'fill' }))
}

/**
 * The picture of a HEIC file, upright, in sRGB, at the asked-for sides.
 * @throws corrupt_image, also where the decoder comes to another picture than the header told
 */
export const decodeHeic = async (path: string, header: HeicHeader, sides: Sides): Promise<Pixels> => {
  const { displayed, channels, color } = header
  const shrunken = await withHeicPixels(await readFile(path), decoded => {
    if (decoded.width !== displayed.width || decoded.height !== displayed.height)
      throw damaged('its picture is of another size than it says')
    return shrink(decoded, sides, channels === 4)
  })
  const profile = await profileOf(color)
  if (profile === null) return shrunken
  // A profile of nonsense is left aside, as with every other type.
  const coloured = sharp(await embedProfile(shrunken, profile), { failOn: 'none' })
  return toPixels(coloured.toColourspace('srgb'))
}
