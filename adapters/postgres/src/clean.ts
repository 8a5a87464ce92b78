/**
 * The one place where text is made fit for PostgreSQL, which refuses U+0000 everywhere and lone surrogates in jsonb.
 * File names and EXIF strings bring both; they become U+FFFD, so that nothing vanishes unseen.
 */
export function cleanText(text: string): string {
  const wellFormed = text.isWellFormed() ? text : text.toWellFormed()
  return wellFormed.includes('\u0000') ? wellFormed.replaceAll('\u0000', '\ufffd') : wellFormed
}

/** A query parameter, its text cleaned. */
export function cleanParameter(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value)
  return Array.isArray(value) ? value.map(cleanParameter) : value
}

/** A value as text for a json column, every string and property name in it cleaned. Undefined becomes null. */
export const toJson = (value: unknown): string => JSON.stringify(value, (_key, part: unknown) => clean(part)) ?? 'null'

function clean(part: unknown): unknown {
  if (typeof part === 'string') return cleanText(part)
  if (!isPlainObject(part)) return part
  const entries = Object.entries(part)
  if (entries.every(([name]) => cleanText(name) === name)) return part
  return Object.fromEntries(entries.map(([name, value]) => [cleanText(name), value]))
}

const isPlainObject = (part: unknown): part is Record<string, unknown> =>
  typeof part === 'object' && part !== null && !Array.isArray(part)
