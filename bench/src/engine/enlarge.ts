import type { Pixels } from '@calotype/sharp/encoding'

/** For each sample of the longer side: its left neighbour in the shorter one, and how far right of that it lies, 0–1. */
const places = (from: number, to: number): (readonly [left: number, share: number])[] =>
  Array.from({ length: to }, (_, at) => {
    const place = Math.min(from - 1, Math.max(0, ((at + 0.5) * from) / to - 0.5))
    const left = Math.min(Math.floor(place), Math.max(0, from - 2))
    return [left, place - left]
  })

/**
 * A picture as a browser shows it at more pixels than it has: bilinear, the centres of the pixels in their places.
 * libvips moves what it enlarges by half a pixel, and SSIM takes that for damage.
 */
export const enlarge = (pixels: Pixels, width: number, height: number): Pixels => {
  const { data, channels } = pixels
  const across = places(pixels.width, width)
  const stride = pixels.width * channels
  const step = pixels.width > 1 ? channels : 0
  const enlarged = Buffer.alloc(width * height * channels)
  let at = 0
  for (const [up, lower] of places(pixels.height, height)) {
    const below = pixels.height > 1 ? stride : 0
    for (const [left, right] of across)
      for (let channel = 0; channel < channels; channel++) {
        const from = up * stride + left * channels + channel
        const top = (data[from] ?? 0) * (1 - right) + (data[from + step] ?? 0) * right
        const bottom = (data[from + below] ?? 0) * (1 - right) + (data[from + below + step] ?? 0) * right
        enlarged[at++] = Math.round(top * (1 - lower) + bottom * lower)
      }
  }
  return { data: enlarged, width, height, channels }
}
