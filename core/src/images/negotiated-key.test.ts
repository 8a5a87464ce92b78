import { expect, it } from 'vitest'
import { FORMAT_EXTENSIONS, type VariantFormat } from '../rendering/index.ts'
import { negotiatedKey } from './negotiated-key.ts'

const files = (folder: string, formats: readonly VariantFormat[]) =>
  formats.map(format => ({
    name: 'full',
    format,
    objectKey: `private/p/i/${folder}/full.${FORMAT_EXTENSIONS[format]}`,
  }))
const other = { name: 'thumb', format: 'avif', objectKey: 'private/p/i/r/thumb.avif' } as const

it.each<[string, VariantFormat[], string]>([
  ['r', ['avif', 'webp', 'jpeg'], 'r/full'],
  ['r', ['webp', 'jpeg'], 'r/full.jpg'],
  ['r', ['avif', 'jpeg'], 'r/full.jpg'],
  ['r', ['jpeg'], 'r/full.jpg'],
  ['r-a', ['webp', 'jpeg'], 'r-a/full'],
  ['r-a', ['jpeg'], 'r-a/full.jpg'],
])('of %s/full as %j a CDN that chooses blindly is given %s', (folder, formats, key) => {
  const made = [...files(folder, formats), other]
  const [chosen] = made
  if (!chosen) throw new Error('nothing was made')
  expect(negotiatedKey({ choosesBlindly: true }, chosen, made)).toBe(`private/p/i/${key}`)
  expect(negotiatedKey({}, chosen, made)).toBe(`private/p/i/${folder}/full`)
})
