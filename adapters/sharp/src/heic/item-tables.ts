import { createCursor, damaged, openFullBox, readBoxes } from './boxes.ts'

/** Where a part of an item's data lies; in the file, or in the `idat` box of the header. */
export interface Extent {
  within: 'file' | 'idat'
  offset: number
  length: number
}

/** A grid of 16 × 16 tiles with previews and depth maps stays far below. */
const MOST_ITEMS = 2_048
const MOST_EXTENTS = 64

const bounded = (count: number, most: number, what: string): number => {
  if (count > most) throw damaged(`too many ${what}`)
  return count
}

/** `pitm` (14496-12, 8.11.4): the id of the item that is the picture. */
export const readPrimaryItem = (content: Buffer): number => {
  const { version, body } = openFullBox(content)
  return body.uint(version === 0 ? 2 : 4)
}

/** `iinf` (8.11.6): item id to four-character item type. */
export const readItemTypes = (content: Buffer): Map<number, string> => {
  const { version, body } = openFullBox(content)
  bounded(body.uint(version === 0 ? 2 : 4), MOST_ITEMS, 'items')
  const types = new Map<number, string>()
  for (const entry of readBoxes(body.rest())) {
    const full = openFullBox(entry.content)
    if (entry.type !== 'infe' || full.version < 2) continue
    const id = full.body.uint(full.version === 2 ? 2 : 4)
    full.body.uint(2)
    types.set(id, full.body.rest().toString('latin1', 0, 4))
  }
  return types
}

/** `iloc` (8.11.3): item id to where its data lies. */
export const readLocations = (content: Buffer): Map<number, Extent[]> => {
  const { version, body } = openFullBox(content)
  const sizes = body.uint(2)
  const [offsetSize, lengthSize, baseSize] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15]
  const indexSize = version === 0 ? 0 : sizes & 15
  if ([offsetSize, lengthSize, baseSize, indexSize].some(size => ![0, 4, 8].includes(size)))
    throw damaged('a length of no meaning')
  const locations = new Map<number, Extent[]>()
  const count = bounded(body.uint(version < 2 ? 2 : 4), MOST_ITEMS, 'items')
  for (let item = 0; item < count; item++) {
    const id = body.uint(version < 2 ? 2 : 4)
    const method = version === 0 ? 0 : body.uint(2) & 15
    if (method > 1) throw damaged('items made of items')
    body.uint(2)
    const base = body.uint(baseSize)
    const extents = bounded(body.uint(2), MOST_EXTENTS, 'extents')
    const found: Extent[] = []
    for (let extent = 0; extent < extents; extent++) {
      body.uint(indexSize)
      const offset = base + body.uint(offsetSize)
      found.push({ within: method === 0 ? 'file' : 'idat', offset, length: body.uint(lengthSize) })
    }
    locations.set(id, found)
  }
  return locations
}

/** A reference (8.11.12) of one item to others, such as `dimg`: is made of. */
export interface Reference {
  type: string
  from: number
  to: readonly number[]
}

export const readReferences = (content: Buffer): Reference[] => {
  const { version, body } = openFullBox(content)
  const idSize = version === 0 ? 2 : 4
  return readBoxes(body.rest()).map(({ type, content: entry }) => {
    const cursor = createCursor(entry)
    const from = cursor.uint(idSize)
    const count = bounded(cursor.uint(2), MOST_ITEMS, 'references')
    return { type, from, to: Array.from({ length: count }, () => cursor.uint(idSize)) }
  })
}

/** `ipma` (23008-12, 9.3): item id to the 1-based indices of its properties, in the order in which they apply. */
export const readAssociations = (content: Buffer): Map<number, number[]> => {
  const { version, flags, body } = openFullBox(content)
  const count = bounded(body.uint(4), MOST_ITEMS, 'items')
  const associations = new Map<number, number[]>()
  for (let item = 0; item < count; item++) {
    const id = body.uint(version === 0 ? 2 : 4)
    const properties = body.uint(1)
    const isWide = (flags & 1) === 1
    const indices = Array.from({ length: properties }, () => body.uint(isWide ? 2 : 1) & (isWide ? 0x7fff : 0x7f))
    associations.set(id, indices)
  }
  return associations
}
