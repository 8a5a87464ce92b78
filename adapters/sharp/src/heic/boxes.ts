import { corruptImage } from '@calotype/core'

/** A box of an ISO base media file (ISO/IEC 14496-12, clause 4.2): its type, and its content without the header. */
export interface Box {
  type: string
  content: Buffer
}

/** How many boxes stand in one place of any picture; a phone's picture has about 60 properties. */
const MOST_BOXES = 4_096

export const damaged = (what: string): Error => corruptImage(`its container is damaged: ${what}`)

/**
 * The boxes that stand in a row, in one pass.
 * @param bytes the content of the box around them
 * @throws corrupt_image where one ends outside or there are absurdly many
 */
export const readBoxes = (bytes: Buffer): Box[] => {
  const boxes: Box[] = []
  for (let at = 0; at + 8 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at) || bytes.length - at
    // Sixty-four-bit lengths are for media data, never for what describes it.
    if (length < 8 || at + length > bytes.length) throw damaged('a box ends outside')
    if (boxes.length === MOST_BOXES) throw damaged('too many boxes')
    boxes.push({ type: bytes.toString('latin1', at + 4, at + 8), content: bytes.subarray(at + 8, at + length) })
    at += length
  }
  return boxes
}

/** Version, flags and the rest of a full box. @throws corrupt_image where it is too short for them */
export const openFullBox = (content: Buffer): { version: number; flags: number; body: Cursor } => {
  const cursor = createCursor(content)
  const word = cursor.uint(4)
  return { version: word >>> 24, flags: word & 0xffffff, body: cursor }
}

/** Reads forward through bytes. */
export interface Cursor {
  /** An unsigned integer of 0, 1, 2, 4 or 8 bytes, the most significant first. */
  uint(bytes: number): number
  /** Text up to the next zero byte. */
  text(): string
  rest(): Buffer
}

/** @throws corrupt_image from every read that goes beyond the end */
export const createCursor = (bytes: Buffer): Cursor => {
  let at = 0
  const advance = (length: number): number => {
    const start = at
    at += length
    if (at > bytes.length) throw damaged('a box is too short')
    return start
  }
  return {
    uint(length) {
      const start = advance(length)
      if (length === 0) return 0
      return length === 8 ? Number(bytes.readBigUInt64BE(start)) : bytes.readUIntBE(start, length)
    },
    text() {
      const end = bytes.indexOf(0, at)
      const start = advance((end < 0 ? bytes.length : end) - at + 1)
      return bytes.toString('latin1', start, at - 1)
    },
    rest: () => bytes.subarray(at),
  }
}
