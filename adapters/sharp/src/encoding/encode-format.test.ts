import type { VariantSpec } from '@calotype/core'
import { expect, it } from 'vitest'
import { drawDisc, drawScene } from '../testing/drawings.ts'
import { encodeFormat } from './encode-format.ts'
import { FORMAT_PROFILES } from './formats.ts'
import { pipelineOf, toPixels } from './pixels.ts'
import { sourceOf, type VariantSource } from './variant-source.ts'

const spec: VariantSpec = {
  name: 'full',
  width: 1200,
  height: 1200,
  fit: 'inside',
  formats: ['avif', 'webp', 'jpeg'],
  maxBytes: 102_400,
}

const sourceFrom = async (drawing: ReturnType<typeof drawScene>): Promise<VariantSource> => {
  const pixels = await toPixels(drawing)
  return sourceOf(pixels, pixels, spec)
}

it('scores every format against the pixels that were encoded, alike at the ceilings', async () => {
  const source = await sourceFrom(drawScene(640, 480, 8))
  const scores = await Promise.all(
    spec.formats.map(async format => (await encodeFormat(source, format, null))?.score ?? 0),
  )
  expect(Math.min(...scores)).toBeGreaterThan(0.99)
  const transparent = await sourceFrom(drawDisc(400))
  expect((await encodeFormat(transparent, 'webp', null))?.score).toBeGreaterThan(0.99)
})

it('scores fewer pixels against as few', async () => {
  const source = await sourceFrom(drawScene(600, 500, 250))
  const shrunken = await encodeFormat({ ...source, spec: { ...spec, maxBytes: 20_000 } }, 'jpeg', null)
  expect(shrunken?.width).toBeLessThan(600)
  expect(shrunken?.score).toBeGreaterThan(0.9)
})

it('spends less quality on a flat picture than on a photo', async () => {
  const flat = Buffer.alloc(900 * 600 * 3, 250)
  for (let y = 0; y < 60; y++) flat.fill(40, y * 900 * 3, (y + 1) * 900 * 3)
  const source = await sourceFrom(pipelineOf({ data: flat, width: 900, height: 600, channels: 3 }))
  for (const format of spec.formats) {
    const encoded = await encodeFormat(source, format, null)
    expect(encoded?.quality).toBeLessThan(FORMAT_PROFILES[format].ceiling)
    expect(encoded?.score).toBeGreaterThan(0.998)
  }
})

it('makes nothing larger of an original that has the format and the sides already', async () => {
  const source = await sourceFrom(drawScene(640, 480, 30))
  const free = await encodeFormat(source, 'jpeg', null)
  const original = Math.round((free?.file.length ?? 0) * 0.8)
  const bounded = await encodeFormat(source, 'jpeg', original)
  expect(bounded?.file.length).toBeLessThanOrEqual(original)
  expect(bounded?.width).toBe(640)
  const tiny = await encodeFormat(source, 'jpeg', 500)
  expect(tiny?.width).toBe(640)
  expect(tiny?.file.length).toBe(free?.file.length)
})
