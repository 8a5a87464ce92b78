import { type ByteAt, readBytes } from './file-bytes.ts'

/** Chunks that may come before the first `IDAT` are few; a file with more of them is not looked at further. */
const MOST_CHUNKS = 64
const SIGNATURE_LENGTH = 8

const fourBytes = (byteAt: ByteAt, at: number): Buffer =>
  Buffer.from([0, 1, 2, 3].map(offset => Math.max(0, byteAt(at + offset))))

/**
 * Whether a PNG says that it moves: an `acTL` chunk before its picture (PNG, third edition, section 11.3.6). libvips
 * decodes its default image and does not tell.
 */
export const isAnimatedPng = (path: string): boolean =>
  readBytes(path, byteAt => {
    let at = SIGNATURE_LENGTH
    for (let chunk = 0; chunk < MOST_CHUNKS; chunk++) {
      const type = fourBytes(byteAt, at + 4).toString('latin1')
      if (type === 'acTL') return true
      if (type === 'IDAT' || byteAt(at + 4) < 0) return false
      at += 12 + fourBytes(byteAt, at).readUInt32BE()
    }
    return false
  })
