/** What the header tells about the memory that decoding will take. Sides in pixels as stored. */
export interface DecodingShape {
  contentType: string
  width: number
  height: number
  channels: number
  bitsPerSample: number
  progressive: boolean
  /** Chroma planes are halved both ways. */
  subsampled: boolean
  /** Frames that are decoded, tiles and planes that are not seen counted in. */
  frames: number
}

/** A warm process with its encoders and the shared pixels of one picture: measured at 175 MB, rounded up. */
const PROCESS_BYTES = 200 * 1024 * 1024

/** Bytes per pixel of the source while it is decoded with shrinking, as measured at 64 megapixels, rounded up. */
const bytesPerPixel = (shape: DecodingShape): number => {
  const { channels, progressive } = shape
  const isDeep = shape.bitsPerSample > 8
  switch (shape.contentType) {
    case 'image/jpeg':
      // Progressive JPEG keeps every coefficient (16 bit) until the last scan; baseline streams line by line.
      return progressive ? 2 * (shape.subsampled ? channels / 2 : channels) : 0.1
    case 'image/png':
      return progressive ? channels * (isDeep ? 2 : 1) : 0.5
    case 'image/avif':
      return isDeep ? 25 : 19
    case 'image/heic':
      // Planes, RGB and RGBA in WebAssembly memory.
      return isDeep ? 16 : 12
    default:
      // Lossless WebP and GIF hold the whole canvas; of an animation every frame, and once more where it is scaled.
      return shape.frames > 1 ? 8 : 5
  }
}

/** Upper bound, in bytes, of what the process will hold while it decodes: the ground for its memory limit. */
export const estimateMemory = (shape: DecodingShape): number =>
  PROCESS_BYTES + Math.ceil(shape.width * shape.height * shape.frames * bytesPerPixel(shape))

/** How many pixels of this kind, in all frames, can be decoded within so many bytes. */
export const pixelsWithin = (shape: DecodingShape, bytes: number): number =>
  Math.max(0, Math.floor((bytes - PROCESS_BYTES) / bytesPerPixel(shape)))
