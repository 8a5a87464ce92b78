import type { Parts } from './parts.ts'

/** Chunks that are picture and nothing else. */
const PICTURE = ['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF']
/** Flags of VP8X (RFC 9649) that announce a profile, EXIF or XMP. */
const FLAGS: readonly (readonly [bit: number, name: string])[] = [
  [0x20, 'a flag for ICCP'],
  [0x08, 'a flag for EXIF'],
  [0x04, 'a flag for XMP'],
]

/** Chunks of a WebP file. */
export function webpParts(bytes: Buffer): Parts {
  if (bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WEBP')
    throw new Error('This is no WebP')
  const names: string[] = []
  const revealing: string[] = []
  const end = 8 + bytes.readUInt32LE(4)
  for (let at = 12; at < end; ) {
    const name = bytes.toString('latin1', at, at + 4)
    const length = bytes.readUInt32LE(at + 4)
    names.push(name)
    if (!PICTURE.includes(name)) revealing.push(name)
    if (name === 'VP8X') for (const [bit, flag] of FLAGS) if (((bytes[at + 8] ?? 0) & bit) !== 0) revealing.push(flag)
    at += 8 + length + (length % 2)
  }
  if (end < bytes.length) revealing.push(`${bytes.length - end} bytes after the end`)
  return { names, revealing }
}
