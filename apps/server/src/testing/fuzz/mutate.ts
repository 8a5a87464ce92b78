import fc from 'fast-check'
import { junkName, junkValue } from './junk.ts'

interface Mutation {
  at: number
  kind: 'replace' | 'drop' | 'add' | 'repeat'
  name: string
  junk: unknown
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(1_000),
  kind: fc.constantFrom('replace', 'replace', 'drop', 'add', 'repeat'),
  name: junkName,
  junk: junkValue,
})

/** The value, usually spoiled in one to three places. */
export const spoiled = (value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc
    .tuple(value, fc.oneof(fc.constant([]), fc.array(mutation, { maxLength: 3 })))
    .map(([valid, mutations]) => mutations.reduce(apply, valid))

/** Changes one place of the value, found by counting through it. */
function apply(value: unknown, change: Mutation): unknown {
  const places = countPlaces(value)
  let at = change.at % places
  const walk = (part: unknown): unknown => {
    if (at-- === 0) return changed(part, change)
    if (Array.isArray(part)) return part.map(walk)
    if (isRecord(part)) return fromEntries(Object.entries(part).map(([name, inner]) => [name, walk(inner)]))
    return part
  }
  return walk(value)
}

function changed(part: unknown, { kind, name, junk }: Mutation): unknown {
  if (isRecord(part)) {
    const entries = Object.entries(part)
    if (kind === 'drop') return fromEntries(entries.slice(1))
    if (kind === 'add') return fromEntries([...entries, [name, junk]])
  }
  if (Array.isArray(part)) {
    if (kind === 'drop') return part.slice(1)
    if (kind === 'add') return [...part, junk]
    if (kind === 'repeat') return Array.from({ length: 60 }, () => part).flat()
  }
  return junk
}

/** `__proto__` becomes a property of its own here, as JSON.parse makes it. */
function fromEntries(entries: ReadonlyArray<readonly [string, unknown]>): Record<string, unknown> {
  const made: Record<string, unknown> = {}
  for (const [name, value] of entries)
    Object.defineProperty(made, name, { value, enumerable: true, configurable: true, writable: true })
  return made
}

function countPlaces(value: unknown): number {
  if (Array.isArray(value)) return 1 + value.slice(0, 100).reduce((sum: number, part) => sum + countPlaces(part), 0)
  if (isRecord(value)) return 1 + Object.values(value).reduce((sum: number, part) => sum + countPlaces(part), 0)
  return 1
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const DEEP_TEXT = '['.repeat(100_000)

/** The value as the text of a body, now and then broken below the level of values. */
export const asText = (value: fc.Arbitrary<unknown>): fc.Arbitrary<string> =>
  fc.tuple(value.map(toText), fc.nat(23), fc.nat(1_000)).map(([text, way, at]) => {
    if (way === 0) return text.slice(0, at % (text.length + 1))
    if (way === 1) return `\ufeff${text}`
    if (way === 2) return text.replace(/^\{/, '{"__proto__":{"role":"owner"},')
    if (way === 3) return text.replace(/\d+/, '1e999')
    if (way === 4 && at % 10 === 0) return DEEP_TEXT
    if (way === 5) return text.replace(/^\{"(\w+)":/, '{"$1":1,"$1":')
    return text
  })

const toText = (value: unknown): string => JSON.stringify(value) ?? 'null'
