/** How many of the first bytes of a file decide its type. */
export const SNIFF_LENGTH = 512

/** Other names under which a media type is declared. HEIC and HEIF are one type, an animated PNG is a PNG. */
const SAME_TYPE: Readonly<Record<string, string>> = {
  'image/heif': 'image/heic',
  'image/apng': 'image/png',
  'image/jpg': 'image/jpeg',
}

/** Brands of ISO base media files (ISO/IEC 14496-12, MIAF): which still image format a file is. */
const BRANDS: Readonly<Record<string, string>> = {
  avif: 'image/avif',
  avis: 'image/avif',
  heic: 'image/heic',
  heix: 'image/heic',
  heim: 'image/heic',
  heis: 'image/heic',
  hevc: 'image/heic',
  hevx: 'image/heic',
}
const GENERIC_IMAGE_BRANDS = new Set(['mif1', 'mif2', 'mif3', 'msf1'])
const VIDEO_BRAND = /^(iso|mp4|M4V|avc1|qt |3gp)/

/** First bytes, written as Latin-1, of what people upload instead of images: only for a helpful message. */
const SIGNATURES: readonly (readonly [prefix: string, type: string])[] = [
  ['\xff\xd8\xff', 'image/jpeg'],
  ['\x89PNG\r\n\x1a\n', 'image/png'],
  ['GIF87a', 'image/gif'],
  ['GIF89a', 'image/gif'],
  ['II*\0', 'image/tiff'],
  ['MM\0*', 'image/tiff'],
  ['\xff\x0a', 'image/jxl'],
  ['8BPS', 'image/vnd.adobe.photoshop'],
  ['%PDF', 'application/pdf'],
  ['PK\x03\x04', 'application/zip'],
  ['\x1f\x8b', 'application/gzip'],
  ['MZ', 'application/x-msdownload'],
  ['\x7fELF', 'application/x-elf'],
  ['BM', 'image/bmp'],
]

const MOST_BRANDS = 32

const isoMediaType = (head: string): string => {
  const boxLength = Math.min(head.length, 8 + 4 * MOST_BRANDS)
  const major = head.slice(8, 12)
  const isGeneric = GENERIC_IMAGE_BRANDS.has(major)
  const type = BRANDS[major]
  if (type !== undefined) return type
  if (VIDEO_BRAND.test(major)) return 'video/mp4'
  // A generic image brand leaves it to the compatible brands to say which.
  for (let at = 16; isGeneric && at + 4 <= boxLength; at += 4) {
    const compatible = BRANDS[head.slice(at, at + 4)]
    if (compatible !== undefined) return compatible
  }
  return isGeneric ? 'image/heic' : 'application/octet-stream'
}

const textType = (head: string): string | undefined => {
  const start = head
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart()
    .toLowerCase()
  if (start.startsWith('<svg') || (start.startsWith('<?xml') && start.includes('<svg'))) return 'image/svg+xml'
  if (start.startsWith('<!doctype html') || start.startsWith('<html') || start.startsWith('<script')) return 'text/html'
  return start.startsWith('<?xml') ? 'text/xml' : undefined
}

/**
 * The media type that the first bytes of a file tell, whatever it is called.
 * @param bytes at least SNIFF_LENGTH bytes where the file has as many
 * @returns a media type; `application/octet-stream` where nothing known begins like this
 */
export const sniffMediaType = (bytes: Buffer): string => {
  const head = bytes.toString('latin1', 0, SNIFF_LENGTH)
  if (head.startsWith('RIFF')) return head.slice(8, 12) === 'WEBP' ? 'image/webp' : 'application/x-riff'
  if (head.slice(4, 8) === 'ftyp') return isoMediaType(head)
  return SIGNATURES.find(([prefix]) => head.startsWith(prefix))?.[1] ?? textType(head) ?? 'application/octet-stream'
}

/** One name for types that mean the same, without parameters and in lower case. */
export const canonicalMediaType = (type: string): string => {
  const bare = type.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  return SAME_TYPE[bare] ?? bare
}

/** The type that an uploader really declared; null for none and for `application/octet-stream`, which say nothing. */
export const declaredMediaType = (declared: string | null): string | null => {
  const type = canonicalMediaType(declared ?? '')
  return type === '' || type === 'application/octet-stream' ? null : type
}
