/** Longest string that is taken over from a file, in UTF-16 units. */
const LONGEST_TEXT = 256

/**
 * Text of a file as a database can store it: no NUL and other control characters, no lone surrogates, bounded, trimmed.
 * @returns null where nothing readable is left
 */
export const cleanText = (raw: string): string | null => {
  const text = raw
    .slice(0, LONGEST_TEXT)
    .replace(/\p{Cc}+/gu, ' ')
    .toWellFormed()
    .trim()
  return text === '' ? null : text
}
