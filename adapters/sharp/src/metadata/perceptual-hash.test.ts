import sharp, { type Sharp } from 'sharp'
import { describe, expect, it } from 'vitest'
import { drawScene } from '../testing/drawings.ts'
import { perceptualHash } from './perceptual-hash.ts'

const hashOf = async (picture: Sharp): Promise<string> => {
  const { data, info } = await picture.ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  return perceptualHash(data, info.width, info.height)
}

const distance = (one: string, other: string): number =>
  [...(BigInt(`0x${one}`) ^ BigInt(`0x${other}`)).toString(2)].filter(bit => bit === '1').length

describe('the perceptual hash', () => {
  it('is 16 hexadecimal digits, whatever the picture', async () => {
    for (const [width, height] of [
      [1, 1],
      [3, 50],
      [50, 33],
    ] as const)
      expect(await hashOf(drawScene(width, height))).toMatch(/^[0-9a-f]{16}$/)
    expect(perceptualHash(new Uint8Array(4 * 25), 5, 5)).toMatch(/^[0-9a-f]{16}$/)
  })

  it('hardly changes with size, brightness and format', async () => {
    const png = await drawScene(300, 200).png().toBuffer()
    const original = await hashOf(sharp(png).resize(50))
    const copies = [
      sharp(await sharp(png).jpeg({ quality: 40 }).toBuffer()).resize(50),
      sharp(png).resize(37),
      sharp(png).linear(0.9, 10).resize(50),
    ]
    for (const copy of copies) expect(distance(original, await hashOf(copy))).toBeLessThanOrEqual(4)
  })

  it('tells other pictures apart', async () => {
    const picture = drawScene(60, 40)
    const others = [drawScene(60, 40).flop(), drawScene(60, 40).rotate(90)]
    for (const other of others) expect(distance(await hashOf(picture), await hashOf(other))).toBeGreaterThan(12)
  })
})
