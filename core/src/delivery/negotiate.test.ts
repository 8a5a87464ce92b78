import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { VARIANT_FORMATS } from '../rendering/index.ts'
import { MAX_ACCEPT_LENGTH, negotiateFormats } from './negotiate.ts'

describe('negotiation', () => {
  it.each([
    [undefined, 'jpeg'],
    ['', 'jpeg'],
    ['*/*', 'jpeg'],
    ['image/*', 'jpeg'],
    ['image/*;q=1,*/*;q=0.8', 'jpeg'],
    ['image/jpeg', 'jpeg'],
    ['image/avif', 'avif jpeg'],
    ['image/webp', 'webp jpeg'],
    ['image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8', 'avif webp jpeg'],
    ['image/webp, image/avif', 'avif webp jpeg'],
    ['IMAGE/AVIF', 'avif jpeg'],
    ['image/avif;q=0', 'jpeg'],
    ['image/avif;q=0.0, image/webp;q=0.001', 'webp jpeg'],
    ['image/avif ; q=0 , image/webp ; q=0.5', 'webp jpeg'],
    ['image/avif;Q=0', 'jpeg'],
    ['image/avif;v=1;q=0', 'jpeg'],
    ['image/avif;q=', 'jpeg'],
    ['image/avif;q=x', 'jpeg'],
    ['image/avif;q=-1', 'jpeg'],
    ['image/avifs', 'jpeg'],
    ['ximage/avif', 'jpeg'],
    ['image/avif-sequence', 'jpeg'],
    [`${'x'.repeat(MAX_ACCEPT_LENGTH)},image/avif`, 'jpeg'],
  ])('of %j tries %s', (accept, formats) => {
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
