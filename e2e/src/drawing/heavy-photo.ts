import { freshJpeg } from './photo.ts'

const MAX_COMMENT_BYTES = 65_533

/** A small photo in a large file: its comments weigh at least as much as is asked for. */
export async function heavyJpeg(sizeBytes: number): Promise<Buffer> {
  const jpeg = await freshJpeg()
  const comment = Buffer.alloc(4 + MAX_COMMENT_BYTES, 'calotype ')
  comment.writeUInt16BE(0xfffe, 0)
  comment.writeUInt16BE(2 + MAX_COMMENT_BYTES, 2)
  const comments = Array.from({ length: Math.ceil(sizeBytes / comment.length) }, () => comment)
  return Buffer.concat([jpeg.subarray(0, 2), ...comments, jpeg.subarray(2)])
}
