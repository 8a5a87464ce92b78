import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { VARIANT_FORMATS } from '../rendering/index.ts'
import { NEGOTIATION_CASES } from '../testing/index.ts'
import { negotiateFormats } from './negotiate.ts'

describe('negotiation', () => {
  it.each(NEGOTIATION_CASES)('of %j tries %s', (accept, formats) => {
    expect(negotiateFormats(accept).join(' ')).toBe(formats)
  })

  it('never throws, names each format once in the one order, and ends with JPEG', () => {
    const part = fc.constantFrom('image/avif', 'image/webp', '*/*', ';', 'q=0', 'q=1', ',', ' ', '=', '\u0000', 'é')
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(part).map(parts => parts.join('')),
    )
    fc.assert(
      fc.property(text, accept => {
        const formats = negotiateFormats(accept)
        expect(formats.at(-1)).toBe('jpeg')
        expect(formats).toEqual(VARIANT_FORMATS.filter(format => formats.includes(format)))
        for (const format of ['avif', 'webp'] as const)
          if (formats.includes(format)) expect(accept.toLowerCase()).toContain(`image/${format}`)
      }),
      { numRuns: 100 },
    )
  })
})
