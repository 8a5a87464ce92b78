import { crc32 } from 'node:zlib'
import { type RenderedVariant, type RenderRequest, VARIANT_FORMATS, type VariantSpec } from '@calotype/core'
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { blockOtherLoaders } from '../gate/loaders.ts'
import type { EngineResult } from '../pool/messages.ts'
import { drawAnimation, drawDisc, drawScene, type RequestOptions, requestFor } from '../testing/drawings.ts'
import { renderImage } from './chain.ts'

beforeAll(() => {
  sharp.cache(false)
  blockOtherLoaders()
})

const render = (request: RenderRequest): Promise<EngineResult> =>
  renderImage({ request, lanes: 2, memoryLimitBytes: 2 ** 29, memoryCeilingBytes: 2 ** 30 })

const renderBytes = async (bytes: Buffer | string, options: RequestOptions = {}): Promise<EngineResult> =>
  render(await requestFor(bytes, options))

const pick = ({ variants }: EngineResult, name: string, format: string): RenderedVariant => {
  const found = variants.find(variant => variant.name === name && variant.format === format)
  if (found === undefined) throw new Error(`no ${name} as ${format}`)
  return found
}

const bound = (maxBytes: number): VariantSpec => ({
  name: 'full',
  width: 1200,
  height: 1200,
  fit: 'inside',
  formats: VARIANT_FORMATS,
  maxBytes,
})

/** Mean difference of the samples of two files of one size, 0–255. */
const difference = async (one: string, other: string): Promise<number> => {
  const [a, b] = await Promise.all([one, other].map(path => sharp(path).removeAlpha().raw().toBuffer()))
  if (a === undefined || b === undefined || a.length !== b.length) throw new Error('not of one size')
  return a.reduce((sum, value, at) => sum + Math.abs(value - (b[at] ?? 0)), 0) / a.length
}

describe('rendering', () => {
  it('makes thumb and full in three formats, each what it claims, with nothing but the picture in it', async () => {
    const original = await drawScene(480, 300)
      .withExif({ IFD0: { Make: 'CANARY' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '1/1 2/1 3/1' } })
      .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/">CANARY</x:xmpmeta>')
      .withIccProfile('p3')
      .jpeg()
      .toBuffer()
    const result = await renderBytes(original, { declaredType: 'image/jpeg' })
    expect(result).toMatchObject({ contentType: 'image/jpeg', width: 480, height: 300, animated: false, frames: 1 })
    expect(result.metadata).toMatchObject({ camera_make: 'CANARY', color_space: expect.stringMatching(/P3/i) })
    expect(result.placeholder).toMatchObject({ color: expect.stringMatching(/^#[0-9a-f]{6}$/) })
    expect(Buffer.from(result.placeholder.thumbhash, 'base64').length).toBeGreaterThan(4)
    expect(result.variants.map(({ name, format, width, height }) => `${name} ${format} ${width}x${height}`)).toEqual([
      ...VARIANT_FORMATS.map(format => `thumb ${format} 150x150`),
      ...VARIANT_FORMATS.map(format => `full ${format} 480x300`),
    ])
    for (const variant of result.variants) {
      const found = await sharp(variant.path).metadata()
      expect(found).toMatchObject({ mediaType: variant.contentType, width: variant.width, height: variant.height })
      for (const part of ['exif', 'xmp', 'iptc', 'icc'] as const) expect(found[part]).toBeUndefined()
      expect(variant.encoding.encodes).toBe(1)
      if (variant.name === 'thumb') expect(variant.encoding.score).toBeNull()
      else expect(variant.encoding.score).toBeGreaterThan(0.98)
    }
    expect((await sharp(pick(result, 'full', 'jpeg').path).metadata()).isProgressive).toBe(true)
  })

  it('shows the same upright picture for all eight orientations', async () => {
    const upright = await drawScene(240, 160, 0).png().toBuffer()
    const turned = await sharp(upright).rotate(90).toBuffer()
    const stored = [
      sharp(upright),
      sharp(upright).flop(),
      sharp(upright).rotate(180),
      sharp(upright).flip(),
      sharp(turned).flop(),
      sharp(upright).rotate(270),
      sharp(turned).flip(),
      sharp(turned),
    ]
    let first: string | undefined
    for (const [index, picture] of stored.entries()) {
      const original = await picture
        .withMetadata({ orientation: index + 1 })
        .jpeg({ quality: 95 })
        .toBuffer()
      const result = await renderBytes(original)
      expect(result).toMatchObject({ width: 240, height: 160, metadata: { orientation: index + 1 } })
      const { path } = pick(result, 'full', 'jpeg')
      first ??= path
      expect(await difference(first, path)).toBeLessThan(3)
    }
  })

  it('keeps alpha in AVIF and WebP and lays JPEG on white', async () => {
    const result = await renderBytes(await drawDisc(200).png().toBuffer())
    for (const [format, hasAlpha] of [
      ['avif', true],
      ['webp', true],
      ['jpeg', false],
    ] as const)
      expect((await sharp(pick(result, 'full', format).path).metadata()).hasAlpha).toBe(hasAlpha)
    const corner = await sharp(pick(result, 'full', 'jpeg').path)
      .extract({ left: 0, top: 0, width: 8, height: 8 })
      .raw()
      .toBuffer()
    expect(Math.min(...corner)).toBeGreaterThan(250)
    expect(result.placeholder.color).toBe('#c8283c')
  })

  it('uses a byte target without exceeding it', async () => {
    const original = await drawScene(640, 400, 60).png().toBuffer()
    const free = await renderBytes(original, { variants: [bound(10_000_000)] })
    for (const format of VARIANT_FORMATS) {
      const target = Math.round(pick(free, 'full', format).sizeBytes * 0.7)
      const { sizeBytes, width, encoding } = pick(
        await renderBytes(original, { variants: [{ ...bound(target), formats: [format] }] }),
        'full',
        format,
      )
      expect(sizeBytes).toBeLessThanOrEqual(target)
      expect(sizeBytes).toBeGreaterThanOrEqual(0.85 * target)
      expect(width).toBe(640)
      expect(encoding.encodes).toBeLessThanOrEqual(3)
    }
  })

  it('takes pixels away from a picture of noise rather than quality below the floor', async () => {
    const original = await drawScene(600, 400, 255).png().toBuffer()
    const result = await renderBytes(original, { variants: [bound(20_000)] })
    for (const format of VARIANT_FORMATS) {
      const { sizeBytes, width, height, encoding } = pick(result, 'full', format)
      expect(sizeBytes).toBeLessThanOrEqual(20_000)
      expect(width).toBeLessThan(600)
      expect(Math.abs(width / height - 1.5)).toBeLessThan(0.02)
      expect(encoding.quality).toBeGreaterThanOrEqual(30)
    }
  })

  it('enlarges only a thumb', async () => {
    const result = await renderBytes(await drawScene(60, 20).webp().toBuffer())
    expect(pick(result, 'thumb', 'webp')).toMatchObject({ width: 150, height: 150 })
    expect(pick(result, 'full', 'webp')).toMatchObject({ width: 60, height: 20 })
  })

  it('takes a GIF without its trailer: nothing of the picture is missing', async () => {
    const gif = await drawAnimation(24, 3)
    expect(await renderBytes(gif.subarray(0, gif.length - 1))).toMatchObject({ frames: 3, animated: true })
  })

  it('says that it keeps only a still of an animated PNG', async () => {
    const png = await drawScene(40, 30).png().toBuffer()
    const control = Buffer.alloc(20)
    control.writeUInt32BE(8)
    control.write('acTL', 4)
    control.writeUInt32BE(1, 8)
    control.writeUInt32BE(crc32(control.subarray(4, 16)), 16)
    // Behind the header chunk of 25 bytes and the signature of 8.
    const animated = await renderBytes(Buffer.concat([png.subarray(0, 33), control, png.subarray(33)]))
    expect(animated).toMatchObject({ animated: false, frames: 1, notes: [expect.stringContaining('animation')] })
    expect(await renderBytes(png)).toMatchObject({ notes: [] })
  })

  it('shows the first frame of an animation and says that there are more', async () => {
    const result = await renderBytes(await drawAnimation(32, 4), { declaredType: 'image/gif' })
    expect(result).toMatchObject({ contentType: 'image/gif', animated: true, frames: 4, width: 32, height: 32 })
  })
})
