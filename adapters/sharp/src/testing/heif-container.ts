/** HEIF containers written by code: everything but a coded picture, which no encoder here could make. */

const uint = (value: number, bytes: number): Buffer => {
  const buffer = Buffer.alloc(bytes)
  if (bytes > 0) buffer.writeUIntBE(value, 0, bytes)
  return buffer
}

export const box = (type: string, ...content: Buffer[]): Buffer => {
  const body = Buffer.concat(content)
  return Buffer.concat([uint(8 + body.length, 4), Buffer.from(type, 'latin1'), body])
}

const fullBox = (type: string, version: number, flags: number, ...content: Buffer[]): Buffer =>
  box(type, uint(version, 1), uint(flags, 3), ...content)

export interface DrawnItem {
  type: string
  properties: readonly Buffer[]
  data: Buffer
  references?: readonly { type: string; to: readonly number[] }[]
}

export const ispe = (width: number, height: number): Buffer => fullBox('ispe', 0, 0, uint(width, 4), uint(height, 4))
export const irot = (turns: number): Buffer => box('irot', uint(turns, 1))
export const imir = (axis: number): Buffer => box('imir', uint(axis, 1))
export const pixi = (bits: number): Buffer =>
  fullBox('pixi', 0, 0, uint(3, 1), uint(bits, 1), uint(bits, 1), uint(bits, 1))
export const colrProfile = (profile: Buffer): Buffer => box('colr', Buffer.from('prof'), profile)
export const colrNumbers = (primaries: number): Buffer =>
  box('colr', Buffer.from('nclx'), uint(primaries, 2), uint(13, 2), uint(6, 2), uint(0x80, 1))
export const alphaType = (): Buffer => fullBox('auxC', 0, 0, Buffer.from('urn:mpeg:hevc:2015:auxid:1\0'))
export const gridData = (rows: number, columns: number, width: number, height: number): Buffer =>
  Buffer.concat([uint(0, 2), uint(rows - 1, 1), uint(columns - 1, 1), uint(width, 2), uint(height, 2)])

const locationTable = (items: readonly DrawnItem[], start: number): Buffer => {
  let offset = start
  const entries = items.map(({ data }, index) => {
    const entry = [uint(index + 1, 2), uint(0, 2), uint(1, 2), uint(offset, 4), uint(data.length, 4)]
    offset += data.length
    return Buffer.concat(entry)
  })
  return fullBox('iloc', 0, 0, uint(0x4400, 2), uint(items.length, 2), ...entries)
}

const itemProperties = (items: readonly DrawnItem[]): Buffer => {
  let next = 1
  const associations = items.map(({ properties }, index) => {
    const indices = properties.map(() => uint(next++, 1))
    return Buffer.concat([uint(index + 1, 2), uint(properties.length, 1), ...indices])
  })
  const container = box('ipco', ...items.flatMap(({ properties }) => properties))
  return box('iprp', container, fullBox('ipma', 0, 0, uint(items.length, 4), ...associations))
}

/** A HEIC file of these items; the first one is the picture. Item ids count from 1. */
export const drawHeif = (items: readonly DrawnItem[]): Buffer => {
  const references = items.flatMap(({ references = [] }, index) =>
    references.map(({ type, to }) =>
      box(type, uint(index + 1, 2), uint(to.length, 2), ...to.map(target => uint(target, 2))),
    ),
  )
  const entries = items.map(({ type }, index) =>
    fullBox('infe', 2, 0, uint(index + 1, 2), uint(0, 2), Buffer.from(type, 'latin1'), uint(0, 1)),
  )
  const head = box('ftyp', Buffer.from('heic\0\0\0\0mif1heic', 'latin1'))
  const metaWith = (start: number): Buffer =>
    fullBox(
      'meta',
      0,
      0,
      fullBox('pitm', 0, 0, uint(1, 2)),
      fullBox('iinf', 0, 0, uint(items.length, 2), ...entries),
      locationTable(items, start),
      itemProperties(items),
      ...(references.length > 0 ? [fullBox('iref', 0, 0, ...references)] : []),
    )
  const start = head.length + metaWith(0).length + 8
  return Buffer.concat([head, metaWith(start), box('mdat', ...items.map(({ data }) => data))])
}
