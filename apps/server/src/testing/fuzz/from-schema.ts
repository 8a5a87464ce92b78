import fc from 'fast-check'
import type { OpenAPIV3_1 } from 'openapi-types'

type Schema = OpenAPIV3_1.SchemaObject
type Node = Schema | OpenAPIV3_1.ReferenceObject

/** Ids that are there, by the name of the property that takes them, or by method and path of the operation. */
export type Pool = (name: string) => readonly string[]

const ID_START = '^[0-7][0-9A-HJKMNP-TV-Z]{25}$'
const MAX_ITEMS = 5
const MAX_DEPTH = 6

/** Values of the shape that a schema describes, with ids that exist. */
export function fromSchema(document: OpenAPIV3_1.Document, pool: Pool) {
  function resolve(node: Node): Schema {
    if (!('$ref' in node) || typeof node.$ref !== 'string') return node
    const found = document.components?.schemas?.[node.$ref.split('/').at(-1) ?? '']
    if (!found) throw new Error(`${node.$ref} is not in the document`)
    return resolve(found)
  }

  function arbitrary(node: Node, name: string, depth = 0): fc.Arbitrary<unknown> {
    const schema = resolve(node)
    const choices = schema.anyOf ?? schema.oneOf
    if (choices) return fc.oneof(...choices.map(choice => arbitrary(choice, name, depth)))
    if (schema.enum) return fc.constantFrom<unknown>(...schema.enum)
    if (schema.const !== undefined) return fc.constant(schema.const)
    const type = Array.isArray(schema.type) ? (schema.type[0] ?? 'null') : schema.type
    if (depth > MAX_DEPTH || type === undefined) return fc.jsonValue({ maxDepth: 1 })
    if (type === 'array' && 'items' in schema) {
      const maxLength = Math.min(schema.maxItems ?? MAX_ITEMS, MAX_ITEMS)
      return fc.array(arbitrary(schema.items, name, depth + 1), {
        minLength: Math.min(schema.minItems ?? 0, maxLength),
        maxLength,
      })
    }
    if (type === 'object') return record(schema, depth)
    return scalar(schema, type, name)
  }

  function record(schema: Schema, depth: number): fc.Arbitrary<unknown> {
    const properties = Object.entries(schema.properties ?? {})
    const model = Object.fromEntries(properties.map(([name, part]) => [name, arbitrary(part, name, depth + 1)]))
    const requiredKeys = (schema.required ?? []).filter(name => name in model)
    return fc.record(model, { requiredKeys })
  }

  function scalar(schema: Schema, type: string, name: string): fc.Arbitrary<unknown> {
    if (type === 'boolean') return fc.boolean()
    if (type === 'null') return fc.constant(null)
    if (type === 'integer' || type === 'number') {
      const min = Math.max(schema.minimum ?? 0, -1_000_000)
      return fc.integer({ min, max: Math.max(min, Math.min(schema.maximum ?? 100_000_000, 100_000_000)) })
    }
    return text(schema, name)
  }

  function text(schema: Schema, name: string): fc.Arbitrary<string> {
    if (schema.pattern === ID_START) return fc.constantFrom(...pool(name))
    if (schema.format === 'email')
      return fc.oneof(
        fc.constantFrom('ann@example.org', 'Ünï@example.org'),
        fc.nat(9_999).map(n => `p+${n}@example.org`),
      )
    if (schema.format === 'date-time') return fc.constantFrom('2026-01-01T00:00:00.000Z', '2030-01-01T00:00:00+02:00')
    // Tables of all of Unicode take seconds to make; looking ahead is not known there.
    if (schema.pattern && !/\\[pP]\{|\(\?[=!<]/.test(schema.pattern))
      return fc.stringMatching(new RegExp(schema.pattern, 'u')).map(found => found.slice(0, schema.maxLength))
    const named = {
      file_name: ['roof.jpg', 'a "b" \\ c.png'],
      mime_type: ['image/jpeg', 'image/png'],
      reference: ['r1'],
    }[name]
    if (named) return fc.constantFrom(...named)
    const maxLength = Math.min(schema.maxLength ?? 40, 300)
    return fc.string({ minLength: schema.minLength ?? 0, maxLength })
  }
  return { arbitrary, resolve }
}
