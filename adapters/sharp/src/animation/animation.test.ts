import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { blockOtherLoaders } from '../gate/loaders.ts'
import type { EngineResult } from '../pool/messages.ts'
import { requestFor } from '../testing/drawings.ts'
import { renderImage } from '../worker/chain.ts'
import { encodeAnimation } from './encode-animation.ts'
import { decodeFrames, type Frames, scaleFrames, thinFrames } from './frames.ts'

beforeAll(() => {
  sharp.cache(false)
  blockOtherLoaders()
})

/** A square that wanders over grain of so many grey levels. */
const drawFrames = (side: number, delays: readonly number[], loop: number, grain = 0): Frames => {
  const data = Buffer.alloc(side * side * 4 * delays.length, 255)
  for (let at = 0; at < data.length / 4; at++) {
    const [x, y, frame] = [at % side, Math.floor(at / side) % side, Math.floor(at / side ** 2)]
    const inside = Math.abs(x - 6 - frame * 3) < 5 && Math.abs(y - side / 2) < 5
    const level = 40 + ((Math.imul(at, 2654435761) >>> 16) % (grain + 1))
    data.set(inside ? [230, 60, 20] : [level, level, level], at * 4)
  }
  return { data, width: side, height: side, channels: 4, delays, loop }
}

const inputOf = ({ data, width, height, channels, delays }: Frames) =>
  sharp(data, { raw: { width, height: height * delays.length, channels, pageHeight: height } })

const render = async (file: Buffer): Promise<EngineResult> =>
  renderImage({ request: await requestFor(file), lanes: 1, memoryLimitBytes: 2 ** 29, memoryCeilingBytes: 2 ** 30 })

const DELAYS = [40, 80, 200, 500]

describe('an image that moves', () => {
  it.each([
    ['image/gif', () => inputOf(drawFrames(48, DELAYS, 3)).gif({ delay: DELAYS, loop: 3 })],
    ['image/webp', () => inputOf(drawFrames(48, DELAYS, 3)).webp({ delay: DELAYS, loop: 3 })],
  ])('keeps moving as it did: %s', async (contentType, draw) => {
    const result = await render(await draw().toBuffer())
    expect(result).toMatchObject({ contentType, animated: true, frames: 4, width: 48, height: 48 })
    expect(result.variants.map(({ name, format }) => `${name} ${format}`)).toEqual([
      'thumb webp',
      'thumb jpeg',
      'full webp',
      'full jpeg',
    ])
    expect(result.omitted.map(({ name, format }) => `${name} ${format}`)).toEqual(['thumb avif', 'full avif'])
    for (const { format, path, width, height } of result.variants) {
      if (format === 'jpeg') continue
      const found = await sharp(path, { animated: true }).metadata()
      expect(found).toMatchObject({ pages: 4, delay: DELAYS, loop: 3, width, pageHeight: height })
    }
    const full = result.variants.find(({ name, format }) => name === 'full' && format === 'webp')
    const shown = await sharp(full?.path, { page: 3 }).removeAlpha().raw().toBuffer()
    const at = (24 * 48 + 15) * 3
    expect(shown[at]).toBeGreaterThan(180)
    expect(shown[at + 2]).toBeLessThan(80)
  })

  it('meets its target by quality, then pixels, then every second frame', async () => {
    const delays = Array.from({ length: 24 }, () => 50)
    const frames = drawFrames(96, delays, 0, 200)
    const free = await encodeAnimation(frames, 10_000_000)
    if (free === null) throw new Error('it did not fit')
    let before = { ...free, pages: 24 }
    for (const share of [0.7, 0.3, 0.1]) {
      const maxBytes = Math.round(free.file.length * share)
      const encoded = await encodeAnimation(frames, maxBytes)
      if (encoded === null) throw new Error('it did not fit')
      const { pages = 1, delay = [] } = await sharp(encoded.file).metadata()
      expect(encoded.file.length).toBeLessThanOrEqual(maxBytes)
      expect(delay.reduce((sum, each) => sum + each, 0)).toBe(24 * 50)
      expect(encoded.width * pages * encoded.quality).toBeLessThan(before.width * before.pages * before.quality)
      before = { ...encoded, pages }
    }
    expect(await encodeAnimation(frames, 200)).toBeNull()
  })
})

it.each(['gif', 'webp'] as const)('decodes a few frames at a time as it does all at once: %s', async format => {
  const frames = drawFrames(48, DELAYS, 3)
  const file = inputOf(frames).toFormat(format, { delay: DELAYS, loop: 3, lossless: true, effort: 1 })
  const { source } = await requestFor(await file.toBuffer())
  const sides = { width: 48, height: 48 }
  const whole = await decodeFrames(source, sides, sides, frames)
  const parts = await decodeFrames(source, sides, sides, frames, {
    whole: 0,
    kept: 10_000_000,
    decoded: 3 * 48 * 48 * 4,
  })
  expect(parts.delays).toEqual(DELAYS)
  expect(parts.data.equals(whole.data)).toBe(true)
  const small = await decodeFrames(source, sides, sides, frames, { whole: 0, kept: 24 * 24 * 4 * 4, decoded: 1 })
  expect(small).toMatchObject({ width: 24, height: 24, delays: DELAYS, loop: 3 })
  const expected = await scaleFrames(whole, small, 'fill')
  expect(small.data.equals(expected.data)).toBe(true)
})

it('cuts frames out without touching their neighbours', async () => {
  const frames = drawFrames(40, [10, 20, 30, 40, 50], 1)
  const thinned = thinFrames(frames, 2)
  expect(thinned.delays).toEqual([30, 70, 50])
  expect(
    thinned.data.equals(Buffer.concat([0, 2, 4].map(index => frames.data.subarray(index * 6400, (index + 1) * 6400)))),
  ).toBe(true)
  const flat: Frames = {
    ...frames,
    data: Buffer.concat([0, 255].map(level => Buffer.alloc(6400, level))),
    delays: [1, 1],
  }
  const scaled = await scaleFrames(flat, { width: 10, height: 10 }, 'fill')
  expect(Math.max(...scaled.data.subarray(0, 400))).toBe(0)
  expect(Math.min(...scaled.data.subarray(400))).toBe(255)
})
