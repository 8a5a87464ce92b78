import { invalidResult } from '../images/index.ts'

/** Of the result as JSON in UTF-8. */
export const MAX_RESULT_BYTES = 65_536
/** Objects and lists inside of each other. */
export const MAX_RESULT_DEPTH = 20

/** The result as it is stored. Rejects with `invalid_request` what is too large, too deep, or cannot be stored. */
export function checkResult(result: unknown): unknown {
  // Depth first and by levels: what is deeper than the stack cannot be serialised.
  let level: unknown[] = [result]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_RESULT_DEPTH) throw invalidResult(`is deeper than ${MAX_RESULT_DEPTH} levels`, MAX_RESULT_DEPTH)
    level = level.flatMap(partsOf)
  }
  const bytes = Buffer.byteLength(JSON.stringify(result ?? null))
  if (bytes > MAX_RESULT_BYTES)
    throw invalidResult(`has ${bytes} bytes; at most ${MAX_RESULT_BYTES} are accepted`, MAX_RESULT_BYTES)
  return result
}

/** A database stores neither U+0000 nor halves of surrogate pairs. */
const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\u0000')

/** What is in a value, the value itself looked at. Plain values are in level 0 of their own. */
function partsOf(value: unknown): unknown[] {
  if (typeof value === 'string' && !isStorable(value)) throw invalidResult('holds a character that cannot be stored')
  if (typeof value === 'number' && !Number.isFinite(value)) throw invalidResult('holds a number that is too large')
  if (typeof value !== 'object' || value === null) return []
  if (!Object.keys(value).every(isStorable)) throw invalidResult('holds a character that cannot be stored')
  return Object.values(value)
}
