import sharp, { type Sharp } from 'sharp'

/** A decoded picture: 8-bit sRGB samples, interleaved, rows from the top, straight (not premultiplied) alpha. */
export interface Pixels {
  data: Buffer
  width: number
  height: number
  /** 3: RGB; 4: RGB and alpha. */
  channels: 3 | 4
}

/** A pipeline over raw pixels; nothing of the original file besides the picture can come out of it. */
export const pipelineOf = ({ data, width, height, channels }: Pixels): Sharp =>
  sharp(data, { raw: { width, height, channels }, limitInputPixels: false })

/** Runs a pipeline to raw pixels. @throws whatever libvips finds wrong with its input */
export const toPixels = async (pipeline: Sharp): Promise<Pixels> => {
  const { data, info } = await pipeline.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true })
  if (info.channels !== 3 && info.channels !== 4) throw new Error(`the pixels came out in ${info.channels} channels`)
  return { data, width: info.width, height: info.height, channels: info.channels }
}

const isOpaque = ({ data }: Pixels): boolean => {
  for (let at = 3; at < data.length; at += 4) if (data[at] !== 255) return false
  return true
}

/** Without an alpha channel that says nothing: every encoder is faster on three channels. */
export const dropOpaqueAlpha = async (pixels: Pixels): Promise<Pixels> =>
  pixels.channels === 4 && isOpaque(pixels) ? toPixels(pipelineOf(pixels).removeAlpha()) : pixels

/** On white, for formats without transparency. */
export const flattenOnWhite = async (pixels: Pixels): Promise<Pixels> =>
  pixels.channels === 4 ? toPixels(pipelineOf(pixels).flatten({ background: '#ffffff' })) : pixels

/** Exactly these sides, in pixels; the caller minds the aspect ratio. */
export const scaleTo = async (pixels: Pixels, width: number, height: number): Promise<Pixels> =>
  pixels.width === width && pixels.height === height
    ? pixels
    : toPixels(pipelineOf(pixels).resize({ width, height, fit: 'fill' }))
