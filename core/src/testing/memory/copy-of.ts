/**
 * A deep copy of plain data: objects, lists, maps, sets and dates. Many times as quick as `structuredClone` for what a test database holds,
 * and a transaction of it is made of copies. Rejects what no database keeps, such as functions and objects of a class.
 */
export function copyOf<T>(value: T): T {
  // The copy of a value has the type of the value, which the compiler cannot follow through the kinds of values.
  return copyAny(value) as T
}

function copyAny(value: unknown): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') throw new Error(`A database keeps no ${typeof value}`)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(copyAny)
  if (value instanceof Date) return new Date(value)
  if (value instanceof Map) return new Map(Array.from(value, ([key, item]) => [key, copyAny(item)]))
  if (value instanceof Set) return new Set(value)
  return copyRecord(value)
}

function copyRecord(value: object): object {
  const kind: unknown = Object.getPrototypeOf(value)
  if (kind !== Object.prototype && kind !== null) return structuredClone(value)
  const copy: Record<string, unknown> = {}
  for (const [name, item] of Object.entries(value)) copy[name] = copyAny(item)
  return copy
}
