import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  checkLabelChange,
  checkLabels,
  MAX_ALT_LENGTH,
  MAX_ATTRIBUTES_BYTES,
  MAX_ATTRIBUTES_DEPTH,
  MAX_REFERENCE_LENGTH,
} from './labels.ts'

const refused = (reason: string, limit?: number) =>
  expect.objectContaining({ code: 'invalid_request', kind: 'invalid', details: limit ? { reason, limit } : { reason } })

function nested(depth: number): Record<string, unknown> {
  let value: Record<string, unknown> = {}
  for (let level = 1; level < depth; level++) value = { a: value }
  return value
}

describe('labels', () => {
  it('have limits, counted in characters as people count them', () => {
    const long = { alt: '📷'.repeat(MAX_ALT_LENGTH), reference: 'ü'.repeat(MAX_REFERENCE_LENGTH) }
    expect(checkLabels(long)).toEqual({ ...long, attributes: {} })
    expect(() => checkLabels({ alt: `${long.alt}x` })).toThrow(refused('alt', MAX_ALT_LENGTH))
    expect(() => checkLabels({ reference: `${long.reference}x` })).toThrow(refused('reference', MAX_REFERENCE_LENGTH))
  })

  it('hold attributes of so many bytes and levels', () => {
    const bytes = (count: number) => ({ a: 'x'.repeat(count - '{"a":""}'.length) })
    expect(checkLabels({ attributes: bytes(MAX_ATTRIBUTES_BYTES) }).attributes).toEqual(bytes(MAX_ATTRIBUTES_BYTES))
    const over = bytes(MAX_ATTRIBUTES_BYTES + 1)
    expect(() => checkLabels({ attributes: over })).toThrow(refused('attributes', MAX_ATTRIBUTES_BYTES))
    checkLabels({ attributes: nested(MAX_ATTRIBUTES_DEPTH) })
    for (const depth of [MAX_ATTRIBUTES_DEPTH + 1, 10_000])
      expect(() => checkLabels({ attributes: nested(depth) })).toThrow(refused('attributes', MAX_ATTRIBUTES_DEPTH))
  })

  it('hold nothing that a database cannot store', () => {
    for (const bad of ['\u0000', '\ud800', 'a\udc00b']) {
      expect(() => checkLabels({ alt: bad })).toThrow(refused('alt'))
      expect(() => checkLabels({ reference: bad })).toThrow(refused('reference'))
      for (const attributes of [{ a: bad }, { [bad]: 1 }, { a: [{ b: bad }] }])
        expect(() => checkLabels({ attributes })).toThrow(refused('attributes'))
    }
    expect(() => checkLabels({ attributes: JSON.parse('{"a":1e999}') })).toThrow(refused('attributes'))
  })

  it('are changed where they are named, and cleared by null', () => {
    expect(checkLabelChange({})).toEqual({})
    expect(checkLabelChange({ alt: null, attributes: null })).toEqual({ alt: null, attributes: {} })
    expect(checkLabelChange({ reference: 'moc-42' })).toEqual({ reference: 'moc-42' })
  })

  it('take or refuse any JSON, and never fail otherwise', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), attributes => {
        try {
          expect(checkLabels({ attributes }).attributes).toBe(attributes)
        } catch (error) {
          expect(error).toMatchObject({ code: 'invalid_request', details: { reason: 'attributes' } })
        }
      }),
    )
  })
})
