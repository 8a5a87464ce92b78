import type { Parts } from './parts.ts'

/** Boxes that hold boxes, and how many bytes of their own come first (ISO/IEC 14496-12, 23008-12). */
const CONTAINERS: Record<string, number> = { meta: 4, iprp: 0, ipco: 0, iinf: 6, dinf: 0, moov: 0, trak: 0, udta: 0 }
/** Item types that are picture: AV1, grids of it, and overlays. */
const PICTURE_ITEMS = ['av01', 'grid', 'iovl']

/** Boxes of an AVIF file and the items that it declares. */
export function avifParts(bytes: Buffer): Parts {
  if (bytes.toString('latin1', 4, 8) !== 'ftyp') throw new Error('This is no AVIF')
  const parts: Parts = { names: [], revealing: [] }
  walk(bytes, 0, bytes.length, parts)
  if (!parts.names.includes('meta') || !parts.names.includes('item av01')) throw new Error('This AVIF has no picture')
  return parts
}

function walk(bytes: Buffer, from: number, to: number, parts: Parts): void {
  for (let at = from; at + 8 <= to; ) {
    const short = bytes.readUInt32BE(at)
    const name = bytes.toString('latin1', at + 4, at + 8)
    const head = short === 1 ? 16 : 8
    const size = short === 1 ? Number(bytes.readBigUInt64BE(at + 8)) : short === 0 ? to - at : short
    if (size < head || at + size > to) throw new Error(`The box ${name} at byte ${at} does not fit`)
    const start = at + head
    parts.names.push(name)
    if (['uuid', 'Exif', 'xml ', 'udta', 'XMP_'].includes(name)) parts.revealing.push(name)
    if (name === 'colr') color(bytes.toString('latin1', start, start + 4), parts)
    if (name === 'infe') item(bytes, start, parts)
    const own = CONTAINERS[name]
    if (own !== undefined) walk(bytes, start + own, at + size, parts)
    at += size
  }
}

/** `nclx` names a colour space by numbers; `prof` and `rICC` carry a whole profile. */
function color(kind: string, parts: Parts): void {
  parts.names.push(`colr ${kind}`)
  if (kind !== 'nclx') parts.revealing.push(`colr ${kind}`)
}

/** ItemInfoEntry of version 2 (16-bit id) or 3 (32-bit id): flags, id, protection index, then the type. */
function item(bytes: Buffer, start: number, parts: Parts): void {
  const at = start + 4 + (bytes[start] === 3 ? 4 : 2) + 2
  const type = bytes.toString('latin1', at, at + 4)
  parts.names.push(`item ${type}`)
  if (!PICTURE_ITEMS.includes(type)) parts.revealing.push(`item ${type}`)
}
