import { type ByteAt, readBytes } from './file-bytes.ts'

const EXTENSION = 0x21
const IMAGE = 0x2c
/** Header and logical screen, up to the global colour table. */
const SCREEN_LENGTH = 13

/** Bytes of the colour table that a packed field announces. */
const tableLength = (packed: number): number => (packed & 0x80 ? 3 << ((packed & 7) + 1) : 0)

/** @returns where what follows the sub-blocks begins; -1 where the file ends before them */
const skipSubBlocks = (byteAt: ByteAt, from: number): number => {
  for (let at = from; ; ) {
    const length = byteAt(at)
    if (length < 0) return -1
    at += length + 1
    if (length === 0) return at
  }
}

/** @returns where the block that begins here ends; -1 where the file ends before it */
const skipBlock = (byteAt: ByteAt, at: number): number => {
  if (byteAt(at) === EXTENSION) return skipSubBlocks(byteAt, at + 2)
  const packed = byteAt(at + 9)
  return packed < 0 ? -1 : skipSubBlocks(byteAt, at + 11 + tableLength(packed))
}

/**
 * Whether a GIF ends in the middle of a block (GIF89a, sections 15–27). libnsgif shows the frames that are whole and
 * says nothing. A missing trailer alone takes nothing from the picture; what follows one, or is no block, is not looked at.
 */
export const isCutGif = (path: string): boolean =>
  readBytes(path, byteAt => {
    let at = SCREEN_LENGTH + tableLength(byteAt(SCREEN_LENGTH - 3))
    for (let kind = byteAt(at); kind === EXTENSION || kind === IMAGE; kind = byteAt(at)) {
      at = skipBlock(byteAt, at)
      if (at < 0) return true
    }
    return false
  })
