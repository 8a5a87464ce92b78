import type { FileHandle } from 'node:fs/promises'
import { type Box, createCursor, damaged, openFullBox, readBoxes } from './boxes.ts'
import {
  type Extent,
  type Reference,
  readAssociations,
  readItemTypes,
  readLocations,
  readPrimaryItem,
  readReferences,
} from './item-tables.ts'

/** The tables of a HEIF container (ISO/IEC 23008-12): items, what they are made of, and where their data lies. */
export interface Container {
  primary: number
  types: ReadonlyMap<number, string>
  locations: ReadonlyMap<number, readonly Extent[]>
  references: readonly Reference[]
  idat: Buffer
  /** The properties of an item, in the order in which they apply. */
  propertiesOf(item: number): Box[]
}

const MOST_TOP_LEVEL_BOXES = 64
/** Tables and colour profiles of real pictures stay below 100 KB. */
const MOST_META_BYTES = 4 * 1024 * 1024

const readAt = async (file: FileHandle, position: number, length: number): Promise<Buffer> => {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position)
  return buffer.subarray(0, bytesRead)
}

/** Finds the `meta` box. @throws corrupt_image where any box is cut off: the file is not whole */
const findMeta = async (file: FileHandle, fileBytes: number): Promise<Buffer> => {
  let meta: Buffer | null = null
  let at = 0
  for (let index = 0; at < fileBytes; index++) {
    if (index === MOST_TOP_LEVEL_BOXES) throw damaged('too many boxes')
    const head = createCursor(await readAt(file, at, 16))
    const short = head.uint(4)
    const type = String.fromCharCode(head.uint(1), head.uint(1), head.uint(1), head.uint(1))
    const length = short === 0 ? fileBytes - at : short === 1 ? head.uint(8) : short
    if (length < (short === 1 ? 16 : 8)) throw damaged('a box has no length')
    if (at + length > fileBytes) throw damaged('it is truncated')
    if (type === 'meta' && meta === null) {
      if (length > MOST_META_BYTES) throw damaged('its tables are too large')
      meta = await readAt(file, at + (short === 1 ? 16 : 8), length - (short === 1 ? 16 : 8))
    }
    at += length
  }
  if (meta === null) throw damaged('it has no tables')
  return meta
}

/**
 * Reads the tables of a file, bounded in memory and time whatever the file claims.
 * @throws corrupt_image where they are missing, contradict themselves, or point outside of the file
 */
export const readContainer = async (file: FileHandle, fileBytes: number): Promise<Container> => {
  const boxes = readBoxes(openFullBox(await findMeta(file, fileBytes)).body.rest())
  const contentOf = (type: string, among = boxes): Buffer | null =>
    among.find(box => box.type === type)?.content ?? null
  const required = (type: string, among = boxes): Buffer => {
    const content = contentOf(type, among)
    if (content === null) throw damaged(`it has no ${type}`)
    return content
  }
  const itemProperties = readBoxes(required('iprp'))
  const properties = readBoxes(required('ipco', itemProperties))
  const associations = new Map(
    itemProperties.filter(({ type }) => type === 'ipma').flatMap(({ content }) => [...readAssociations(content)]),
  )
  const iref = contentOf('iref')
  const idat = contentOf('idat') ?? Buffer.alloc(0)
  const locations = readLocations(required('iloc'))
  for (const { within, offset, length } of [...locations.values()].flat())
    if (offset + length > (within === 'file' ? fileBytes : idat.length)) throw damaged('it is truncated')
  return {
    primary: readPrimaryItem(required('pitm')),
    types: readItemTypes(required('iinf')),
    locations,
    references: iref === null ? [] : readReferences(iref),
    idat,
    propertiesOf: item =>
      (associations.get(item) ?? []).flatMap(index => (index === 0 ? [] : (properties[index - 1] ?? []))),
  }
}

/** The data of an item, at most so many bytes; null where it has none or more. */
export const readItem = async (
  file: FileHandle,
  { locations, idat }: Container,
  item: number,
  mostBytes: number,
): Promise<Buffer | null> => {
  const extents = locations.get(item) ?? []
  const bytes = extents.reduce((sum, { length }) => sum + length, 0)
  if (bytes === 0 || bytes > mostBytes) return null
  const parts = extents.map(({ within, offset, length }) =>
    within === 'file' ? readAt(file, offset, length) : idat.subarray(offset, offset + length),
  )
  return Buffer.concat(await Promise.all(parts))
}
