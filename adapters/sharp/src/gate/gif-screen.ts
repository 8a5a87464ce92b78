/**
 * The logical screen of a GIF (GIF89a specification, section 18), in pixels. libnsgif clips absurd screens to the
 * frames and reports 1 × 1, yet a browser that is given the original allocates the whole of it.
 * @param head the first 10 bytes of the file or more
 */
export const readGifScreen = (head: Buffer): { width: number; height: number } | null =>
  head.length < 10 ? null : { width: head.readUInt16LE(6), height: head.readUInt16LE(8) }
