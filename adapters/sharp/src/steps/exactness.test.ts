import { readFile } from 'node:fs/promises'
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { blockOtherLoaders } from '../gate/loaders.ts'
import { embedProfile, profileOf } from '../heic/embed-profile.ts'
import { DISPLAY_P3, deltaE, labOf, labOfInks, SRGB, SRGB_D50, type Triple } from '../testing/colorimetry.ts'
import { drawDisc, drawScene, requestFor } from '../testing/drawings.ts'
import { renderImage } from '../worker/chain.ts'
import { decode } from './decode.ts'
import { describe as describeSource } from './describe.ts'
import { gate } from './gate.ts'

beforeAll(() => {
  sharp.cache(false)
  blockOtherLoaders()
})

const receive = async (file: Buffer) => ({
  request: await requestFor(file),
  lanes: 1,
  memoryLimitBytes: 2 ** 29,
  memoryCeilingBytes: 2 ** 30,
})

/** The pixels of a file as they are before any encoding. */
const pixelsOf = async (file: Buffer) => (await decode(await describeSource(await gate(await receive(file))))).pixels

/** Bits in which two perceptual hashes differ. */
const distance = (one: string, other: string): number =>
  [...(BigInt(`0x${one}`) ^ BigInt(`0x${other}`)).toString(2)].filter(bit => bit === '1').length

/** The picture as a file of each orientation stores it, in the order of the EXIF values. */
const storedAs = async (upright: Buffer) => {
  const turned = await sharp(upright).rotate(90).toBuffer()
  return [
    sharp(upright),
    sharp(upright).flop(),
    sharp(upright).rotate(180),
    sharp(upright).flip(),
    sharp(turned).flop(),
    sharp(upright).rotate(270),
    sharp(turned).flip(),
    sharp(turned),
  ].map((picture, index) => picture.withMetadata({ orientation: index + 1 }))
}

it.each(['jpeg', 'avif', 'webp', 'png'] as const)('shows one picture for all eight orientations: %s', async format => {
  const upright = await drawScene(240, 160, 0).png().toBuffer()
  const hashes: string[] = []
  for (const picture of await storedAs(upright)) {
    const file = await picture.toFormat(format, format === 'avif' ? { effort: 0 } : { quality: 95 }).toBuffer()
    const result = await renderImage(await receive(file))
    expect(result).toMatchObject({ width: 240, height: 160 })
    hashes.push(result.perceptualHash)
    for (const variant of result.variants)
      if (variant.name === 'full')
        hashes.push((await renderImage(await receive(await readFile(variant.path)))).perceptualHash)
  }
  for (const hash of hashes) expect(distance(hashes[0] ?? '', hash)).toBeLessThanOrEqual(2)
})

/** Patches that every one of the spaces here can show: nothing is clipped, all can be compared. */
const PATCHES: readonly Triple[] = [
  [128, 128, 128],
  [245, 245, 245],
  [40, 40, 40],
  [200, 120, 90],
  [90, 150, 110],
  [60, 80, 140],
  [180, 160, 60],
  [140, 90, 150],
]
const SIDE = 16

const drawPatches = () => ({
  data: Buffer.concat(PATCHES.flatMap(patch => Array.from({ length: SIDE * SIDE }, () => Buffer.from(patch)))),
  width: SIDE,
  height: SIDE * PATCHES.length,
  channels: 3 as const,
})

/** The samples in the middle of each patch. */
const middles = (data: Uint8Array, channels: number): Uint8Array[] =>
  PATCHES.map((_, index) => {
    const at = ((index * SIDE + SIDE / 2) * SIDE + SIDE / 2) * channels
    return data.subarray(at, at + channels)
  })

const triple = ([red = 0, green = 0, blue = 0]: Uint8Array): Triple => [red, green, blue]
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

describe('colours before encoding', () => {
  it('of Display P3 are those that its primaries stand for', async () => {
    const profile = await profileOf({ profile: null, primaries: 12 })
    if (profile === null) throw new Error('no profile')
    const pixels = await pixelsOf(await embedProfile(drawPatches(), profile))
    const found = middles(pixels.data, pixels.channels).map(sample => labOf(triple(sample), SRGB))
    const differences = found.map((lab, index) => deltaE(lab, labOf(PATCHES[index] ?? [0, 0, 0], DISPLAY_P3)))
    expect(mean(differences)).toBeLessThan(2)
  })

  it('of CMYK are those that the table of its profile stands for', async () => {
    const { data, ...raw } = drawPatches()
    const inks = sharp(data, { raw }).toColourspace('cmyk').withIccProfile('cmyk')
    const file = await inks.jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer()
    const { icc, space } = await sharp(file).metadata()
    if (icc === undefined) throw new Error('no profile')
    expect(space).toBe('cmyk')
    const stored = await sharp(file, { ignoreIcc: true }).toColourspace('cmyk').raw().toBuffer()
    const expected = middles(stored, 4).map(sample =>
      labOfInks(
        icc,
        [...sample].map(ink => ink / 255),
      ),
    )
    const pixels = await pixelsOf(file)
    const found = middles(pixels.data, pixels.channels).map(sample => labOf(triple(sample), SRGB_D50))
    expect(mean(found.map((lab, index) => deltaE(lab, expected[index] ?? [0, 0, 0])))).toBeLessThan(2)
  })
})

describe('transparency', () => {
  /** Samples in a corner, where nothing is drawn, and in the middle. */
  const look = async (path: string) => {
    const { data, info } = await sharp(path).raw().toBuffer({ resolveWithObject: true })
    const middle = (100 * info.width + 100) * info.channels
    return { corner: [...data.subarray(0, info.channels)], middle: [...data.subarray(middle, middle + info.channels)] }
  }

  it('stays in WebP and AVIF, and is white in JPEG', async () => {
    const { variants } = await renderImage(await receive(await drawDisc(200).png().toBuffer()))
    for (const { name, format, path } of variants) {
      if (name !== 'full') continue
      const { corner, middle } = await look(path)
      if (format === 'jpeg') {
        expect(Math.min(...corner)).toBeGreaterThan(250)
        expect(middle).toHaveLength(3)
      } else {
        expect(corner[3]).toBeLessThan(3)
        expect(middle[3]).toBeGreaterThan(252)
      }
      const off = [200, 40, 60].map((wanted, channel) => Math.abs((middle[channel] ?? 0) - wanted))
      expect(Math.max(...off)).toBeLessThan(8)
    }
  })
})
