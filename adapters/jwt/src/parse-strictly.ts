/**
 * The object in a JSON text; null when it is no object, or when any object in it names a member twice: which of the two counts is a
 * matter of taste among parsers, and an attacker would choose.
 */
export function parseStrictly(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) && !hasDuplicates(text) ? value : null
  } catch {
    return null
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A string, a bracket, or a comma or colon of a text that is known to be JSON. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:]/g

function hasDuplicates(text: string): boolean {
  // One set of names for each open object, null for each open array.
  const open: Array<Set<string> | null> = []
  let last = ''
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '{') open.push(new Set())
    else if (token === '[') open.push(null)
    else if (token === '}' || token === ']') open.pop()
    else if (token === ':') {
      const names = open.at(-1)
      // However it was escaped: "\u0061" is "a".
      const name: unknown = JSON.parse(last)
      if (typeof name !== 'string' || !names || names.has(name)) return true
      names.add(name)
    }
    last = token
  }
  return false
}
