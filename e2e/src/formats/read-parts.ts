import { avifParts } from './avif.ts'
import { jpegParts } from './jpeg.ts'
import type { Parts } from './parts.ts'
import { webpParts } from './webp.ts'

const READERS: Record<string, (bytes: Buffer) => Parts> = {
  avif: avifParts,
  webp: webpParts,
  jpeg: jpegParts,
}

/** Walks the structure of a file; throws where the file is not of that format. */
export function partsOf(format: string, bytes: Uint8Array): Parts {
  const read = READERS[format]
  if (!read) throw new Error(`No reader for ${format}`)
  return read(Buffer.from(bytes))
}
