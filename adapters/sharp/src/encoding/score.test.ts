import fc from 'fast-check'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { drawScene } from '../testing/drawings.ts'
import { halfLuma, type Luma } from './luma.ts'
import { type Pixels, pipelineOf, toPixels } from './pixels.ts'
import { referenceOf, scoreOf } from './score.ts'
import { type Similarity, similarity } from './similarity.ts'

/** SSIM as the papers write it: each window on its own, means, variances and covariance in doubles, then weighted. */
const slowSimilarity = (one: Luma, other: Luma): Similarity => {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const windows: (Similarity & { weight: number })[] = []
  const columns = 4 * Math.floor(one.width / 4)
  const rows = 4 * Math.floor(one.height / 4)
  for (let top = 0; top + 8 <= rows; top += 4)
    for (let left = 0; left + 8 <= columns; left += 4) {
      const places = Array.from({ length: 64 }, (_, at) => (top + (at >> 3)) * one.width + left + (at & 7))
      const [a, b] = [one, other].map(({ data }) => places.map(at => data[at] ?? 0))
      if (a === undefined || b === undefined) continue
      const [meanA, meanB] = [mean(a), mean(b)]
      const covary = (x: number[], y: number[]) =>
        mean(x.map((value, at) => (value - mean(x)) * ((y[at] ?? 0) - mean(y))))
      const [c1, c2] = [(0.01 * 255) ** 2, (0.03 * 255) ** 2]
      const variances = covary(a, a) + covary(b, b)
      const contrastStructure = (2 * covary(a, b) + c2) / (variances + c2)
      const luminance = (2 * meanA * meanB + c1) / (meanA ** 2 + meanB ** 2 + c1)
      windows.push({
        contrastStructure,
        ssim: contrastStructure * luminance,
        weight: 0.05 + Math.log(1 + variances / c2),
      })
    }
  const weighted = (of: (window: Similarity) => number) =>
    mean(windows.map(window => window.weight * of(window))) / mean(windows.map(({ weight }) => weight))
  return { ssim: weighted(({ ssim }) => ssim), contrastStructure: weighted(window => window.contrastStructure) }
}

const pair = fc.tuple(fc.integer({ min: 8, max: 30 }), fc.integer({ min: 8, max: 30 })).chain(([width, height]) => {
  const luma = fc
    .uint8Array({ minLength: width * height, maxLength: width * height })
    .map(data => ({ data, width, height }))
  return fc.tuple(luma, luma)
})

const scene = (width = 320, height = 200, grain = 20): Promise<Pixels> => toPixels(drawScene(width, height, grain))

const compare = async (original: Pixels, changed: Pixels): Promise<number> =>
  scoreOf(referenceOf(original), changed) ?? Number.NaN

describe('similarity', () => {
  it('is what the paper says, window by window', () => {
    fc.assert(
      fc.property(pair, ([one, other]) => {
        const [fast, slow] = [similarity(one, other), slowSimilarity(one, other)]
        expect(fast.ssim).toBeCloseTo(slow.ssim, 9)
        expect(fast.contrastStructure).toBeCloseTo(slow.contrastStructure, 9)
      }),
    )
  })
})

describe('the score', () => {
  it('is 1 for the picture itself, never more than 1, and the same from either side', async () => {
    const [one, other] = await Promise.all([scene(), toPixels(drawScene(320, 200, 90).blur(1))])
    expect(await compare(one, one)).toBe(1)
    expect(await compare(one, other)).toBeLessThan(1)
    expect(await compare(one, other)).toBeCloseTo(await compare(other, one), 12)
  })

  it('falls with blur, with noise and with quality', async () => {
    const original = await scene()
    const falling = async (changed: readonly Promise<Pixels>[]): Promise<void> => {
      const scores = await Promise.all(changed.map(async pixels => compare(original, await pixels)))
      expect(scores).toEqual(scores.toSorted((a, b) => b - a))
      expect(new Set(scores).size).toBe(scores.length)
    }
    await falling([0.5, 1, 2, 4].map(sigma => toPixels(pipelineOf(original).blur(sigma))))
    await falling([24, 40, 80, 160].map(grain => scene(320, 200, grain)))
    const jpeg = async (quality: number) => toPixels(sharp(await pipelineOf(original).jpeg({ quality }).toBuffer()))
    await falling([95, 80, 60, 40, 20].map(jpeg))
  })

  it('sees what shows on white, not what transparency hides', async () => {
    const { data, width, height } = await scene(64, 64)
    const hidden = (shade: number): Pixels => {
      const rgba = Buffer.alloc(width * height * 4)
      for (let at = 0; at < width * height; at++)
        rgba.set(at % width < 20 ? [shade, shade, shade, 0] : [...data.subarray(at * 3, at * 3 + 3), 255], at * 4)
      return { data: rgba, width, height, channels: 4 }
    }
    expect(await compare(hidden(0), hidden(200))).toBe(1)
    const flat = await toPixels(pipelineOf(hidden(0)).flatten({ background: '#ffffff' }))
    expect(halfLuma(hidden(90)).data).toEqual(halfLuma(flat).data)
  })

  it('says nothing about pictures too small to tell, or of other sides', async () => {
    expect(scoreOf(referenceOf(await scene(80, 63)), await scene(80, 63))).toBeNull()
    expect(scoreOf(referenceOf(await scene(80, 80)), await scene(80, 81))).toBeNull()
    expect(scoreOf(referenceOf(await scene(64, 64)), await scene(64, 64))).toBe(1)
  })
})
