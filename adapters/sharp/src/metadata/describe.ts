import type { ImageMetadata } from '@calotype/core'
import { readCapturedAt } from './captured-at.ts'
import { cleanText } from './clean-text.ts'
import { readGps } from './gps.ts'
import { type ExifTags, numbersOf, readExif, type Tags, type TagValue } from './read-exif.ts'

const NO_TAGS: ExifTags = { image: {}, photo: {}, gps: {} }

const textOf = (value: TagValue | undefined): string | null => (typeof value === 'string' ? cleanText(value) : null)

/** The first number of a tag where it is finite and above zero. */
const positive = (value: TagValue | undefined): number | null => {
  const [first] = numbersOf(value)
  return first !== undefined && Number.isFinite(first) && first > 0 ? first : null
}

const plainTags = (tags: Tags): ImageMetadata['exif'] => {
  const plain: ImageMetadata['exif'] = {}
  for (const [name, value] of Object.entries(tags)) {
    if (typeof value === 'string') {
      const text = cleanText(value)
      if (text !== null) plain[name] = text
    } else if (value.every(Number.isFinite)) {
      const [only] = value
      plain[name] = value.length === 1 && only !== undefined ? only : value
    }
  }
  return plain
}

const flashFired = (value: TagValue | undefined): boolean | null => {
  const [bits] = numbersOf(value)
  return bits === undefined ? null : (bits & 1) === 1
}

/**
 * Camera metadata from an EXIF block; a missing or broken block is no failure, it only says less.
 * @param exif the block as embedded, null without one
 * @param orientation 1–8 as the decoder applies it
 * @param colorSpace name of the embedded profile or of the pixel encoding
 */
export const describeImage = (exif: Buffer | null, orientation: number, colorSpace: string | null): ImageMetadata => {
  const tags = (exif === null ? null : readExif(exif)) ?? NO_TAGS
  const { image, photo } = tags
  return {
    camera_make: textOf(image.Make),
    camera_model: textOf(image.Model),
    captured_at: readCapturedAt(tags),
    orientation,
    gps: readGps(tags.gps),
    focal_length_mm: positive(photo.FocalLength),
    iso: positive(photo.ISOSpeedRatings),
    exposure_time_s: positive(photo.ExposureTime),
    f_number: positive(photo.FNumber),
    flash: flashFired(photo.Flash),
    color_space: colorSpace,
    exif: { ...plainTags(image), ...plainTags(photo) },
  }
}
