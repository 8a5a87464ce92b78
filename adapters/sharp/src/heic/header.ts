import { type FileHandle, open } from 'node:fs/promises'
import { type Box, createCursor, damaged } from './boxes.ts'
import { type Container, readContainer, readItem } from './container.ts'
import { applyTransformations, type Displayed } from './transformations.ts'

/** The colours of a picture as its `colr` properties tell: an ICC profile, else primaries by number (ITU-T H.273). */
export interface HeicColor {
  profile: Buffer | null
  primaries: number | null
}

export interface HeicHeader {
  /** Sides in pixels as coded. */
  width: number
  height: number
  /** Sides and orientation as shown. EXIF orientation is none of it: HEIF readers disregard it (23008-12, annex A). */
  displayed: Displayed
  /** The pixels that are decoded: those of all tiles and of an alpha plane. */
  codedPixels: number
  bitsPerSample: number
  channels: 3 | 4
  color: HeicColor
  /** The TIFF structure of the Exif item. */
  exif: Buffer | null
}

const MOST_EXIF_BYTES = 1024 * 1024
const MOST_PROFILE_BYTES = 4 * 1024 * 1024
const CODED = 'hvc1'

const find = (properties: readonly Box[], type: string): Buffer | null =>
  properties.findLast(property => property.type === type)?.content ?? null

/** `ispe` (23008-12, 6.5.3): the sides of an item in pixels. */
const readExtent = (properties: readonly Box[]): { width: number; height: number } => {
  const content = find(properties, 'ispe')
  if (content === null) throw damaged('a picture has no size')
  const cursor = createCursor(content)
  cursor.uint(4)
  return { width: cursor.uint(4), height: cursor.uint(4) }
}

const areaOf = (container: Container, item: number): number => {
  const { width, height } = readExtent(container.propertiesOf(item))
  return width * height
}

/** `pixi` (6.5.6): bits per channel. */
const readBits = (properties: readonly Box[]): number => {
  const content = find(properties, 'pixi')
  if (content === null) return 8
  const cursor = createCursor(content)
  cursor.uint(4)
  return cursor.uint(1) === 0 ? 8 : cursor.uint(1)
}

/** `colr` (14496-12, 12.1.5). A profile says more than numbers; both may be there. */
const readColor = (properties: readonly Box[]): HeicColor => {
  const color: HeicColor = { profile: null, primaries: null }
  for (const { type, content } of properties) {
    const kind = content.toString('latin1', 0, 4)
    if (type !== 'colr') continue
    if ((kind === 'prof' || kind === 'rICC') && content.length < MOST_PROFILE_BYTES) color.profile = content.subarray(4)
    if (kind === 'nclx') color.primaries = createCursor(content.subarray(4)).uint(2)
  }
  return color
}

/** The tiles of a grid (23008-12, 6.6.2.3.2). @throws corrupt_image where the grid contradicts its picture */
const readGrid = async (
  file: FileHandle,
  container: Container,
  whole: { width: number; height: number },
): Promise<readonly number[]> => {
  const data = await readItem(file, container, container.primary, 64)
  if (data === null) throw damaged('a grid says nothing')
  const cursor = createCursor(data)
  cursor.uint(1)
  const sideBytes = (cursor.uint(1) & 1) === 1 ? 4 : 2
  const tiles = (cursor.uint(1) + 1) * (cursor.uint(1) + 1)
  const [width, height] = [cursor.uint(sideBytes), cursor.uint(sideBytes)]
  const parts = container.references.find(({ type, from }) => type === 'dimg' && from === container.primary)?.to ?? []
  if (parts.length !== tiles) throw damaged('a grid lacks tiles')
  if (width !== whole.width || height !== whole.height) throw damaged('a grid is of another size than its picture')
  return parts
}

const readExif = async (file: FileHandle, container: Container): Promise<Buffer | null> => {
  const described = container.references.filter(({ type, to }) => type === 'cdsc' && to.includes(container.primary))
  const item = described.find(({ from }) => container.types.get(from) === 'Exif')?.from
  const data = item === undefined ? null : await readItem(file, container, item, MOST_EXIF_BYTES)
  if (data === null || data.length < 4) return null
  // The first four bytes say how far behind them the TIFF structure begins (annex A.2.1).
  return data.subarray(4 + Math.min(data.readUInt32BE(0), data.length - 4))
}

const ALPHA = /^urn:(mpeg:hevc:2015:auxid:1|mpeg:mpegB:cicp:systems:auxiliary:alpha)\0/
/** `auxl` and `auxC` (6.5.8): the item that holds the transparency. */
const findAlpha = ({ references, primary, propertiesOf }: Container): number | undefined =>
  references
    .filter(({ type, to }) => type === 'auxl' && to.includes(primary))
    .find(({ from }) => ALPHA.test((find(propertiesOf(from), 'auxC') ?? Buffer.alloc(0)).toString('latin1', 4)))?.from

const describe = async (file: FileHandle, container: Container): Promise<HeicHeader> => {
  const { primary, types } = container
  const properties = container.propertiesOf(primary)
  const extent = readExtent(properties)
  const type = types.get(primary) ?? 'missing'
  const parts = type === 'grid' ? await readGrid(file, container, extent) : [primary]
  if (parts.some(part => types.get(part) !== CODED)) throw damaged(`its picture is of the kind ${printable(type)}`)
  const alpha = findAlpha(container)
  // Some phones say of the tiles only what holds for the whole; the whole's own word comes last and counts.
  const described = [...container.propertiesOf(parts[0] ?? primary), ...properties]
  const coded = alpha === undefined ? parts : [...parts, alpha]
  return {
    ...extent,
    displayed: applyTransformations(properties, extent),
    codedPixels: coded.reduce((sum, item) => sum + areaOf(container, item), 0),
    bitsPerSample: readBits(described),
    channels: alpha === undefined ? 3 : 4,
    color: readColor(described),
    exif: await readExif(file, container),
  }
}

const printable = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?')

/**
 * Reads what a HEIC file says of its picture, without a decoder and before any pixel.
 * @throws corrupt_image where the container is damaged, truncated, or holds another kind of picture
 */
export const readHeicHeader = async (path: string): Promise<HeicHeader> => {
  const file = await open(path, 'r')
  try {
    return await describe(file, await readContainer(file, (await file.stat()).size))
  } finally {
    await file.close()
  }
}
