import { corruptImage, type SourceLimits, tooManyFrames, tooManyPixels } from '@calotype/core'

/** What a header says about the size of an image: pixels of one frame, and how many frames. */
export interface ImageSize {
  width: number
  height: number
  frames: number
}

const sides = ({ width, height }: ImageSize): string => `${width} × ${height} pixels`

/**
 * Refuses an image by its header alone. An area limit lets 65,500 × 1 pass, so the sides are limited as well.
 * @throws corrupt_image for an empty picture, too_many_pixels, too_many_frames
 */
export const checkSize = (size: ImageSize, limits: SourceLimits): void => {
  const { width, height, frames } = size
  if (width < 1 || height < 1) throw corruptImage('it has no pixels')
  if (width > limits.maxSide || height > limits.maxSide)
    throw tooManyPixels(`${limits.maxSide} pixels a side`, sides(size))
  if (width * height > limits.maxPixels) throw tooManyPixels(`${limits.maxPixels} pixels`, sides(size))
  if (frames > limits.maxFrames) throw tooManyFrames(`${limits.maxFrames} frames`, `${frames} frames`)
  if (frames > 1 && width * height * frames > limits.maxAnimationPixels)
    throw tooManyFrames(`${limits.maxAnimationPixels} pixels in all frames`, `${frames} frames of ${sides(size)}`)
}
