import type { Project } from '../access/index.ts'
import { tooManyPixels, unsupportedContent } from '../rendering/index.ts'
import { fileTooSmall, tooLargeForProject } from './errors.ts'
import type { Image } from './image.ts'

const HEIC: readonly string[] = ['image/heic', 'image/heif']

/** `image/heic` and `image/heif` are one type (requirement V1). */
const isAllowed = (type: string, allowed: readonly string[]): boolean =>
  allowed.includes(type) || (HEIC.includes(type) && allowed.some(each => HEIC.includes(each)))

/**
 * Refuses an image that its new project would not have taken, with the limit (422). What is not known of it is not judged: neither
 * the pixels of one that was never decoded nor the number of frames, which no record keeps.
 */
export function checkFitsProject(image: Image, project: Project): void {
  const { limits, minBytes, maxBytes } = project.settings
  const type = image.contentType ?? image.declaredType
  if (type !== null && type !== '' && !isAllowed(type, limits.allowedTypes))
    throw unsupportedContent(type, limits.allowedTypes)
  const { sizeBytes, width, height } = image
  if (sizeBytes !== null && sizeBytes < minBytes) throw fileTooSmall(minBytes, sizeBytes)
  if (sizeBytes !== null && sizeBytes > maxBytes) throw tooLargeForProject(maxBytes, sizeBytes)
  if (width === null || height === null) return
  if (Math.max(width, height) > limits.maxSide)
    throw tooManyPixels(`${limits.maxSide} pixels a side`, `${width} × ${height}`)
  if (width * height > limits.maxPixels) throw tooManyPixels(`${limits.maxPixels} pixels`, `${width} × ${height}`)
}
