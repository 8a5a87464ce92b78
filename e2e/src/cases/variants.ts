import type { Image, Variant } from '@calotype/contract'
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { call, uploadReady } from '../client.ts'
import { drawLying, ORIENTATIONS, QUARTERS, readQuarters } from '../drawing/orientations.ts'
import { drawJpeg, freshSeed } from '../drawing/photo.ts'
import { PRIVATE, privateJpeg } from '../drawing/private-photo.ts'
import { partsOf } from '../formats/read-parts.ts'
import type { Target } from '../target.ts'

const MAX_FULL_BYTES = 102_400
const SHARP_FORMAT: Record<string, string> = { avif: 'heif', webp: 'webp', jpeg: 'jpeg' }

async function fetchVariant(target: Target, image: Image, { name, format }: Variant): Promise<Buffer> {
  const answer = await call(target, `/images/${image.id}/file?variant=${name}&format=${format}`)
  if (answer.status !== 200) throw new Error(`${name}.${format} was answered ${answer.status}`)
  return Buffer.from(await answer.arrayBuffer())
}

/** Everything that has to be true of every variant file of every image. */
async function expectCleanFiles(target: Target, image: Image): Promise<void> {
  for (const variant of image.variants) {
    const bytes = await fetchVariant(target, image, variant)
    expect(bytes.length).toBe(variant.size_bytes)
    const { format, compression, width, height, exif, xmp, iptc, icc, orientation } = await sharp(bytes).metadata()
    expect(format).toBe(SHARP_FORMAT[variant.format])
    if (variant.format === 'avif') expect(compression).toBe('av1')
    expect({ width, height }).toEqual({ width: variant.width, height: variant.height })
    expect({ exif, xmp, iptc, icc }).toEqual({})
    expect([undefined, 1]).toContain(orientation)
    expect(partsOf(variant.format, bytes).revealing).toEqual([])
    // Decoded to the last pixel, not only its header.
    await sharp(bytes, { failOn: 'warning' }).raw().toBuffer()
  }
}

export function variantCases(target: Target): void {
  describe('variants', () => {
    it('are thumb and full as AVIF, WebP and JPEG, at immutable keys', async () => {
      const image = await uploadReady(target, await drawJpeg({ seed: freshSeed(), width: 320, height: 200 }))
      const found = image.variants.map(({ name, format, width, height }) => `${name} ${format} ${width}x${height}`)
      expect(found.sort()).toEqual([
        'full avif 320x200',
        'full jpeg 320x200',
        'full webp 320x200',
        'thumb avif 150x150',
        'thumb jpeg 150x150',
        'thumb webp 150x150',
      ])
      for (const { object_key, content_type, format } of image.variants) {
        expect(object_key).toMatch(new RegExp(`^private/${image.project_id}/${image.id}/[a-z0-9-]+/(full|thumb)\\.`))
        expect(content_type).toBe(`image/${format}`)
      }
      await expectCleanFiles(target, image)
    })

    it.each([
      ['a wide picture', { width: 1_600, height: 180 }, { width: 1_200, height: 135 }],
      ['a tall picture', { width: 150, height: 1_500 }, { width: 120, height: 1_200 }],
      ['a picture smaller than a thumb', { width: 40, height: 30 }, { width: 40, height: 30 }],
    ])('fit into 1200 × 1200 and never grow: %s', async (_what, size, expected) => {
      const image = await uploadReady(target, await drawJpeg({ seed: freshSeed(), ...size }))
      const full = image.variants.filter(variant => variant.name === 'full')
      for (const { width, height } of full) expect({ width, height }).toEqual(expected)
      const thumbs = image.variants.filter(variant => variant.name === 'thumb')
      for (const { width, height } of thumbs) expect({ width, height }).toEqual({ width: 150, height: 150 })
    })

    it('keep every full under 102,400 bytes even for pure noise', async () => {
      const noise = await drawJpeg({ seed: freshSeed(), width: 640, height: 460, grain: 1 }, 97)
      const image = await uploadReady(target, noise)
      const full = image.variants.filter(variant => variant.name === 'full')
      expect(full).toHaveLength(3)
      for (const { size_bytes } of full) expect(size_bytes).toBeLessThanOrEqual(MAX_FULL_BYTES)
      const smallest = Math.min(...full.map(variant => variant.size_bytes))
      expect(image.saved_percent).toBeCloseTo(((noise.length - smallest) / noise.length) * 100, 1)
      await expectCleanFiles(target, image)
    })

    it.each(ORIENTATIONS)('stand upright for EXIF orientation %i', async orientation => {
      const image = await uploadReady(target, await drawLying(orientation))
      expect(image).toMatchObject({ width: 240, height: 160 })
      expect(image.metadata?.orientation).toBe(orientation)
      for (const variant of image.variants) {
        const bytes = await fetchVariant(target, image, variant)
        expect(await readQuarters(bytes), `${variant.name} ${variant.format}`).toEqual([...QUARTERS])
      }
    })

    describe('of a photo that knows its maker and place', () => {
      let image: Image
      beforeAll(async () => {
        image = await uploadReady(target, await privateJpeg({ width: 480, height: 320 }), { name: 'private.jpg' })
      })

      it('tell nothing of them', () => expectCleanFiles(target, image))

      it('are told apart from the record, which does', () => {
        expect(image.metadata).toMatchObject({
          camera_make: PRIVATE.make,
          camera_model: PRIVATE.model,
          iso: 200,
          f_number: 1.7,
          exposure_time_s: 0.01,
          focal_length_mm: 4.2,
        })
        expect(image.metadata?.gps?.latitude).toBeCloseTo(PRIVATE.latitude, 4)
        expect(image.metadata?.gps?.longitude).toBeCloseTo(PRIVATE.longitude, 4)
        expect(JSON.stringify(image.metadata?.exif)).not.toMatch(/GPS|Serial|MakerNote|Mustermann/i)
      })

      it('are answered alone by /metadata', async () => {
        const metadata: unknown = await (await call(target, `/images/${image.id}/metadata`)).json()
        expect(metadata).toEqual(image.metadata)
      })
    })

    it('of a wide-gamut picture look like the picture, in sRGB', async () => {
      const red = await sharp({ create: { width: 120, height: 90, channels: 3, background: '#e01010' } })
        .withIccProfile('p3')
        .jpeg({ quality: 95 })
        .toBuffer()
      const image = await uploadReady(target, Buffer.concat([red, Buffer.from(String(freshSeed()))]))
      for (const variant of image.variants.filter(({ name }) => name === 'full')) {
        const { channels } = await sharp(await fetchVariant(target, image, variant)).stats()
        const [r, g, b] = channels.map(channel => channel.mean)
        expect(Math.abs((r ?? 0) - 224), variant.format).toBeLessThan(8)
        expect(Math.abs((g ?? 0) - 16), variant.format).toBeLessThan(12)
        expect(Math.abs((b ?? 0) - 16), variant.format).toBeLessThan(12)
      }
    })
  })
}
