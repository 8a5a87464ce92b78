/** What the header tells about the memory that decoding will take. Sizes in pixels as stored. */
export interface DecodingShape {
  contentType: string
  width: number
  height: number
  channels: number
  bytesPerSample: number
  progressive: boolean
  /** Chroma planes are halved both ways. */
  subsampled: boolean
}

/** A warm process with its encoders and the shared pixels of one picture: measured, rounded up. */
const PROCESS_BYTES = 220 * 1024 * 1024

const bytesPerPixel = (shape: DecodingShape): number => {
  const samples = shape.channels * shape.bytesPerSample
  switch (shape.contentType) {
    case 'image/jpeg':
      // Progressive JPEG keeps every coefficient (16 bit) until the last scan; baseline streams line by line.
      return shape.progressive ? 2 * (shape.subsampled ? shape.channels / 2 : shape.channels) : 0
    case 'image/png':
      return shape.progressive ? samples : 0
    case 'image/avif':
    case 'image/heic':
      // The decoder's planes, then the interleaved picture.
      return 2 * samples
    default:
      // WebP and GIF hold the canvas in four channels; lossless WebP a second time.
      return shape.contentType === 'image/webp' ? 8 : 4
  }
}

/** Upper bound, in bytes, of what the process will hold while it decodes: the ground for its memory limit. */
export const estimateMemory = (shape: DecodingShape): number =>
  PROCESS_BYTES + Math.ceil(shape.width * shape.height * bytesPerPixel(shape))
