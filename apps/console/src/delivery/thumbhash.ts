import { thumbHashToDataURL } from 'thumbhash'

const decoded = new Map<string, string>()
const KEEP = 2_000

/** Twenty-odd bytes that already look like the photo. */
export function placeholderUrl(thumbhash: string): string | null {
  const known = decoded.get(thumbhash)
  if (known !== undefined) return known
  try {
    const bytes = Uint8Array.from(atob(thumbhash), character => character.charCodeAt(0))
    const url = thumbHashToDataURL(bytes)
    if (decoded.size >= KEEP) decoded.clear()
    decoded.set(thumbhash, url)
    return url
  } catch {
    return null
  }
}
