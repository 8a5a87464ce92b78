import type { Image, VariantFormat } from '@calotype/sdk'
import { expect, test } from 'vitest'
import { chooseVariant, formatsOf, showsSameFrame, sortedVariants, variantNames } from './variants.ts'

const variant = (name: string, format: VariantFormat, width: number) => ({ name, format, width, height: width })

/** Only what the choice looks at. */
const image = {
  variants: [variant('thumb', 'jpeg', 150), variant('full', 'webp', 1200), variant('full', 'avif', 1200)],
} as unknown as Image

test('names and formats as they exist, the best format first', () => {
  expect(variantNames(image)).toEqual(['full', 'thumb'])
  expect(formatsOf(image, 'full')).toEqual(['avif', 'webp'])
  expect(sortedVariants(image).map(({ name, format }) => `${name} ${format}`)).toEqual([
    'full avif',
    'full webp',
    'thumb jpeg',
  ])
})

test('the nearest that exists is chosen', () => {
  expect(chooseVariant(image, { name: 'full', format: 'avif' })).toMatchObject({ format: 'avif' })
  expect(chooseVariant(image, { name: 'thumb', format: 'avif' })).toMatchObject({ name: 'thumb', format: 'jpeg' })
  expect(chooseVariant(image, { name: 'poster', format: 'webp' })).toMatchObject({ name: 'full', format: 'webp' })
})

test('a crop is told from the whole picture, rounding is not a crop', () => {
  const original = { width: 4032, height: 3024 }
  expect(showsSameFrame(original, { width: 1200, height: 900 })).toBe(true)
  expect(showsSameFrame(original, { width: 150, height: 150 })).toBe(false)
  expect(showsSameFrame({ width: 4000, height: 77 }, { width: 1200, height: 23 })).toBe(true)
})
