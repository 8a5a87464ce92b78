import type { Parts } from './parts.ts'

const [SOI, EOI, SOS, COM] = [0xd8, 0xd9, 0xda, 0xfe]
const isRestart = (marker: number): boolean => marker >= 0xd0 && marker <= 0xd7
const isApplication = (marker: number): boolean => marker >= 0xe0 && marker <= 0xef

/** Segments of a JPEG (ITU T.81, annex B), every scan included. */
export function jpegParts(bytes: Buffer): Parts {
  if (bytes[0] !== 0xff || bytes[1] !== SOI) throw new Error('This is no JPEG')
  const names: string[] = []
  const revealing: string[] = []
  let at = 2
  for (;;) {
    if (bytes[at] !== 0xff) throw new Error(`No marker at byte ${at}`)
    const marker = bytes[at + 1]
    if (marker === undefined) throw new Error('The JPEG ends without EOI')
    at += 2
    if (marker === EOI) break
    const length = bytes.readUInt16BE(at)
    const name = nameOf(marker, bytes.subarray(at + 2, at + length))
    names.push(name)
    // JFIF holds a density and nothing else; Adobe's 12 bytes say how the colours are coded.
    const isPlain = name === 'APP0 JFIF' || (name === 'APP14 Adobe' && length <= 14)
    if (marker === COM || (isApplication(marker) && !isPlain)) revealing.push(name)
    at += length
    if (marker === SOS) at = endOfScan(bytes, at)
  }
  if (at < bytes.length) revealing.push(`${bytes.length - at} bytes after the end`)
  return { names, revealing }
}

function nameOf(marker: number, payload: Buffer): string {
  if (marker === COM) return 'COM'
  if (!isApplication(marker)) return marker.toString(16)
  return `APP${marker - 0xe0} ${/^[\x20-\x7e]*/.exec(payload.toString('latin1', 0, 40))?.[0] ?? ''}`
}

/** Entropy-coded data ends at the first marker that is neither a stuffed byte nor a restart. */
function endOfScan(bytes: Buffer, from: number): number {
  for (let at = from; at + 1 < bytes.length; at++) {
    const next = bytes[at + 1] ?? 0
    if (bytes[at] === 0xff && next !== 0 && next !== 0xff && !isRestart(next)) return at
  }
  throw new Error('The JPEG ends in the middle of a scan')
}
