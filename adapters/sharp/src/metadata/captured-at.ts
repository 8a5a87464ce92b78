import type { ExifTags, TagValue } from './read-exif.ts'

const EXIF_TIME = /^(\d{4})[:-](\d{2})[:-](\d{2})[ T](\d{2}):(\d{2}):(\d{2})/
const OFFSET = /^[+-](0\d|1[0-4]):[0-5]\d$/

const text = (value: TagValue | undefined): string => (typeof value === 'string' ? value.trim() : '')

/** An EXIF time as RFC 3339 in UTC; without an offset it is read as UTC. Impossible dates are null. */
const toInstant = (time: string, offset: string): string | null => {
  const match = EXIF_TIME.exec(time)
  if (match === null) return null
  const [, year, month, day, hour, minute, second] = match
  const zone = OFFSET.test(offset) ? offset : 'Z'
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}${zone}`)
  return Number.isNaN(date.getTime()) ? null : date.toISOString()
}

/** When the shutter opened, else when the picture was digitised, else when the file was written. */
export const readCapturedAt = ({ image, photo }: ExifTags): string | null =>
  toInstant(text(photo.DateTimeOriginal), text(photo.OffsetTimeOriginal)) ??
  toInstant(text(photo.DateTimeDigitized), text(photo.OffsetTimeOriginal)) ??
  toInstant(text(image.DateTime), text(photo.OffsetTime))
