import type { Pixels } from './pixels.ts'

/** Brightness of a picture: one sample per pixel, 0–255, rows from the top. */
export interface Luma {
  data: Uint8Array
  width: number
  height: number
}

/** Weights of ITU-R BT.601 in 1/256. */
const RED = 77
const GREEN = 150
const BLUE = 29

/** As transparent pixels show on white. */
const onWhite = (data: Uint8Array): Uint8Array => {
  const opaque = new Uint8Array((data.length >> 2) * 3)
  for (let at = 0, from = 0; at < opaque.length; at += 3, from += 4) {
    const alpha = data[from + 3] ?? 255
    const white = 255 * (255 - alpha)
    for (let channel = 0; channel < 3; channel++)
      opaque[at + channel] = ((data[from + channel] ?? 0) * alpha + white + 127) / 255
  }
  return opaque
}

/**
 * Luma (BT.601, full range) of a picture on white at half its sides, each sample the mean of 2 × 2 pixels; an odd last
 * row or column is left out.
 * @param pixels at least 2 pixels a side
 */
export const halfLuma = ({ data, width, height, channels }: Pixels): Luma => {
  const rgb: Uint8Array = channels === 4 ? onWhite(data) : data
  const half = { width: width >> 1, height: height >> 1 }
  const luma = new Uint8Array(half.width * half.height)
  const stride = width * 3
  for (let y = 0, at = 0; y < half.height; y++)
    for (let x = 0, up = 2 * y * stride; x < half.width; x++, up += 6) {
      const down = up + stride
      const red = (rgb[up] ?? 0) + (rgb[up + 3] ?? 0) + (rgb[down] ?? 0) + (rgb[down + 3] ?? 0)
      const green = (rgb[up + 1] ?? 0) + (rgb[up + 4] ?? 0) + (rgb[down + 1] ?? 0) + (rgb[down + 4] ?? 0)
      const blue = (rgb[up + 2] ?? 0) + (rgb[up + 5] ?? 0) + (rgb[down + 2] ?? 0) + (rgb[down + 5] ?? 0)
      luma[at++] = (RED * red + GREEN * green + BLUE * blue + 512) >> 10
    }
  return { data: luma, ...half }
}

/** Half the sides, each sample the mean of 2 × 2; an odd last row or column is left out. */
export const halve = ({ data, width, height }: Luma): Luma => {
  const half = { width: width >> 1, height: height >> 1 }
  const halved = new Uint8Array(half.width * half.height)
  for (let y = 0, at = 0; y < half.height; y++)
    for (let x = 0, up = 2 * y * width; x < half.width; x++, up += 2) {
      const down = up + width
      halved[at++] = ((data[up] ?? 0) + (data[up + 1] ?? 0) + (data[down] ?? 0) + (data[down + 1] ?? 0) + 2) >> 2
    }
  return { data: halved, ...half }
}
