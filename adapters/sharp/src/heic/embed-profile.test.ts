import sharp from 'sharp'
import { expect, it } from 'vitest'
import { embedProfile, profileOf } from './embed-profile.ts'

/** IEC 61966-2-1. */
const decodeSrgb = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
const encodeSrgb = (value: number): number =>
  value <= 0.0031308 ? 12.92 * value : 1.055 * Math.max(0, value) ** (1 / 2.4) - 0.055

/** Linear Display P3 to linear sRGB, both D65 (from the primaries of SMPTE EG 432-1 and ITU-R BT.709). */
const P3_TO_SRGB = [
  [1.2249401763, -0.2249401763, 0],
  [-0.0420569547, 1.0420569547, 0],
  [-0.0196375546, -0.0786360456, 1.0982736001],
] as const

const expected = (p3: readonly number[]): number[] => {
  const linear = p3.map(value => decodeSrgb(value / 255))
  return P3_TO_SRGB.map(row => {
    const sum = row.reduce<number>((total, factor, index) => total + factor * (linear[index] ?? 0), 0)
    return Math.round(255 * Math.min(1, Math.max(0, encodeSrgb(Math.min(1, sum)))))
  })
}

it('converts pixels by their profile as the matrices say', async () => {
  const profile = await profileOf({ profile: null, primaries: 12 })
  if (profile === null) throw new Error('no profile')
  const patches = [
    [128, 128, 128],
    [200, 120, 90],
    [90, 150, 110],
    [60, 80, 140],
    [240, 230, 210],
  ]
  const pixels = { data: Buffer.from(patches.flat()), width: patches.length, height: 1, channels: 3 as const }
  const converted = await sharp(await embedProfile(pixels, profile))
    .toColourspace('srgb')
    .raw()
    .toBuffer()
  for (const [index, patch] of patches.entries())
    for (const [channel, value] of expected(patch).entries())
      expect(Math.abs((converted[index * 3 + channel] ?? 0) - value)).toBeLessThanOrEqual(2)
})

it('asks for no conversion where the colours are sRGB or of no meaning', async () => {
  expect(await profileOf({ profile: null, primaries: 1 })).toBeNull()
  expect(await profileOf({ profile: null, primaries: null })).toBeNull()
})
