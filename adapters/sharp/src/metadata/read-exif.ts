import { EXIF_POINTER, GPS_POINTER, GPS_TAGS, IMAGE_TAGS, PHOTO_TAGS } from './tiff-tags.ts'

/** A value of a tag: text, or one or more numbers (rationals divided; NaN and Infinity are possible). */
export type TagValue = string | readonly number[]
export type Tags = Readonly<Record<string, TagValue>>

/** The numbers of a tag, none where it is text or missing. */
export const numbersOf = (value: TagValue | undefined): readonly number[] =>
  value === undefined || typeof value === 'string' ? [] : value

export interface ExifTags {
  image: Tags
  photo: Tags
  gps: Tags
}

// A file may claim 65,535 tags of four thousand million values each: libraries that read all of them can be made to
// take gigabytes. Only named tags are read, and of each only this much.
const MOST_TAGS = 512
const MOST_VALUES = 16
const MOST_CHARACTERS = 1024

/** Bytes per value of each TIFF type, and how one is read (TIFF 6.0, section 2). Types not listed are skipped. */
interface TiffReader {
  bytes: number
  read: (view: DataView, at: number, littleEndian: boolean) => number
}
const READERS: Readonly<Record<number, TiffReader>> = {
  1: { bytes: 1, read: (view, at) => view.getUint8(at) },
  3: { bytes: 2, read: (view, at, little) => view.getUint16(at, little) },
  4: { bytes: 4, read: (view, at, little) => view.getUint32(at, little) },
  5: { bytes: 8, read: (view, at, little) => view.getUint32(at, little) / view.getUint32(at + 4, little) },
  6: { bytes: 1, read: (view, at) => view.getInt8(at) },
  8: { bytes: 2, read: (view, at, little) => view.getInt16(at, little) },
  9: { bytes: 4, read: (view, at, little) => view.getInt32(at, little) },
  10: { bytes: 8, read: (view, at, little) => view.getInt32(at, little) / view.getInt32(at + 4, little) },
}
const ASCII = 2

interface Tiff {
  bytes: Buffer
  view: DataView
  little: boolean
}

const readValue = ({ bytes, view, little }: Tiff, entry: number): TagValue | undefined => {
  const type = view.getUint16(entry + 2, little)
  const count = view.getUint32(entry + 4, little)
  const reader = READERS[type]
  const width = type === ASCII ? 1 : reader?.bytes
  if (width === undefined || count === 0) return undefined
  const at = count * width <= 4 ? entry + 8 : view.getUint32(entry + 8, little)
  if (reader === undefined) {
    const text = bytes.toString('utf8', at, Math.min(at + count, at + MOST_CHARACTERS))
    return text.split('\0', 1)[0] ?? ''
  }
  const values: number[] = []
  for (let index = 0; index < Math.min(count, MOST_VALUES); index++)
    values.push(reader.read(view, at + index * width, little))
  return values
}

/** Visits the entries of a directory; entries and values beyond the end of the block are skipped. */
const eachEntry = (tiff: Tiff, offset: number, visit: (tag: number, entry: number) => void): void => {
  if (offset < 8 || offset + 2 > tiff.bytes.length) return
  const count = Math.min(tiff.view.getUint16(offset, tiff.little), MOST_TAGS)
  for (let index = 0; index < count; index++) {
    const entry = offset + 2 + index * 12
    if (entry + 12 > tiff.bytes.length) return
    visit(tiff.view.getUint16(entry, tiff.little), entry)
  }
}

const readDirectory = (tiff: Tiff, offset: number, names: Readonly<Record<number, string>>): Tags => {
  const tags: Record<string, TagValue> = {}
  eachEntry(tiff, offset, (tag, entry) => {
    const name = names[tag]
    if (name === undefined) return
    try {
      const value = readValue(tiff, entry)
      if (value !== undefined) tags[name] = value
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
    }
  })
  return tags
}

const openTiff = (block: Buffer): Tiff | null => {
  const bytes = block.toString('latin1', 0, 6) === 'Exif\0\0' ? block.subarray(6) : block
  const order = bytes.toString('latin1', 0, 2)
  if (bytes.length < 8 || (order !== 'II' && order !== 'MM')) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const little = order === 'II'
  return view.getUint16(2, little) === 42 ? { bytes, view, little } : null
}

/**
 * Reads the named tags of an EXIF block (Exif 3.0 in a TIFF 6.0 structure), in time and memory that do not depend on
 * what the block claims. Next-directory pointers are never followed, so loops cannot happen.
 * @param block as embedded, with or without the `Exif\0\0` prefix
 * @returns null where it is no EXIF block at all; directories that cannot be read are empty
 */
export const readExif = (block: Buffer): ExifTags | null => {
  const tiff = openTiff(block)
  if (tiff === null) return null
  const first = tiff.view.getUint32(4, tiff.little)
  const pointers = new Map<number, number>()
  eachEntry(tiff, first, (tag, entry) => {
    if (tag === EXIF_POINTER || tag === GPS_POINTER) pointers.set(tag, tiff.view.getUint32(entry + 8, tiff.little))
  })
  return {
    image: readDirectory(tiff, first, IMAGE_TAGS),
    photo: readDirectory(tiff, pointers.get(EXIF_POINTER) ?? 0, PHOTO_TAGS),
    gps: readDirectory(tiff, pointers.get(GPS_POINTER) ?? 0, GPS_TAGS),
  }
}
