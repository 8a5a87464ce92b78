import type { ImageMetadata } from '@calotype/core'
import { numbersOf, type Tags, type TagValue } from './read-exif.ts'

/** Degrees, minutes, seconds to signed degrees; null where a part is missing or divided by zero. */
const degrees = (value: TagValue | undefined, reference: TagValue | undefined, limit: number): number | null => {
  const [whole, minutes = 0, seconds = 0] = numbersOf(value)
  if (whole === undefined) return null
  const sum = whole + minutes / 60 + seconds / 3600
  if (!Number.isFinite(sum) || Math.abs(sum) > limit) return null
  const rounded = Math.round(sum * 1e7) / 1e7
  return reference === 'S' || reference === 'W' ? -rounded : rounded
}

/** Position in degrees (WGS 84) and metres above sea level; null unless latitude and longitude are both sound. */
export const readGps = (tags: Tags): ImageMetadata['gps'] => {
  const latitude = degrees(tags.GPSLatitude, tags.GPSLatitudeRef, 90)
  const longitude = degrees(tags.GPSLongitude, tags.GPSLongitudeRef, 180)
  if (latitude === null || longitude === null) return null
  const [height] = numbersOf(tags.GPSAltitude)
  const [below] = numbersOf(tags.GPSAltitudeRef)
  const altitude = height !== undefined && Number.isFinite(height) ? (below === 1 ? -height : height) : null
  return { latitude, longitude, altitude }
}
