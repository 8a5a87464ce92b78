import { rgbaToThumbHash } from 'thumbhash'
import { pipelineOf } from '../encoding/pixels.ts'
import { perceptualHash } from '../metadata/perceptual-hash.ts'
import type { Decoded, Previewed } from './context.ts'

/** The longest side that ThumbHash takes is 100 pixels; half of it tells it as much. */
const PREVIEW_SIDE = 50

const hex = (value: number): string => Math.round(value).toString(16).padStart(2, '0')

/**
 * The colour that covers the most: the mean of the fullest of 4,096 bins (4 bits a channel), transparency not counted.
 * @param rgba samples of 8 bits, straight alpha
 * @returns `#rrggbb`; white where everything is transparent
 */
export const dominantColor = (rgba: Buffer): string => {
  const bins = new Map<number, { weight: number; red: number; green: number; blue: number }>()
  for (let at = 0; at + 3 < rgba.length; at += 4) {
    const [red, green, blue, weight] = [rgba[at] ?? 0, rgba[at + 1] ?? 0, rgba[at + 2] ?? 0, rgba[at + 3] ?? 0]
    const key = ((red >> 4) << 8) | ((green >> 4) << 4) | (blue >> 4)
    const bin = bins.get(key) ?? { weight: 0, red: 0, green: 0, blue: 0 }
    if (bin.weight === 0) bins.set(key, bin)
    bin.weight += weight
    bin.red += red * weight
    bin.green += green * weight
    bin.blue += blue * weight
  }
  let fullest = { weight: 0, red: 0, green: 0, blue: 0 }
  for (const bin of bins.values()) if (bin.weight > fullest.weight) fullest = bin
  const { weight, red, green, blue } = fullest
  return weight === 0 ? '#ffffff' : `#${hex(red / weight)}${hex(green / weight)}${hex(blue / weight)}`
}

/** What a page shows before the picture is there, a ThumbHash (base64) and the dominant colour; and the perceptual hash. */
export const preview = async (context: Decoded): Promise<Previewed> => {
  const { data, info } = await pipelineOf(context.pixels)
    .resize({ width: PREVIEW_SIDE, height: PREVIEW_SIDE, fit: 'inside', kernel: 'linear' })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const thumbhash = Buffer.from(rgbaToThumbHash(info.width, info.height, data)).toString('base64')
  const placeholder = { thumbhash, color: dominantColor(data) }
  return { ...context, placeholder, perceptualHash: perceptualHash(data, info.width, info.height) }
}
