import type { RenderRequest } from '@calotype/core'
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { blockOtherLoaders } from '../gate/loaders.ts'
import type { EngineResult } from '../pool/messages.ts'
import { NeedsMoreMemory } from '../steps/context.ts'
import { drawAnimation, drawScene, type RequestOptions, requestFor } from '../testing/drawings.ts'
import { renderImage } from './chain.ts'

beforeAll(blockOtherLoaders)

const render = (request: RenderRequest): Promise<EngineResult> =>
  renderImage({ request, lanes: 2, memoryLimitBytes: 2 ** 29, memoryCeilingBytes: 2 ** 30 })

describe('refusing', () => {
  const refusal = async (bytes: Buffer | string, options: RequestOptions = {}) =>
    requestFor(bytes, options)
      .then(render)
      .then(
        () => 'accepted',
        ({ kind, code, details }) => ({ kind, code, details }),
      )
  const png = drawScene(40, 30).png().toBuffer()

  it('what is no image', async () => {
    expect(await refusal('%PDF-1.7')).toMatchObject({
      code: 'unsupported_media_type',
      details: { actual: 'application/pdf' },
    })
    expect(await refusal('<svg xmlns="http://www.w3.org/2000/svg"/>')).toMatchObject({ code: 'unsupported_media_type' })
  })

  it('another type than was declared', async () => {
    expect(await refusal(await png, { declaredType: 'image/jpeg' })).toEqual({
      kind: 'content',
      code: 'content_type_mismatch',
      details: { actual: 'image/png', allowed: ['image/jpeg'] },
    })
    expect(await refusal('%PDF-1.7', { declaredType: 'image/jpeg' })).toMatchObject({ code: 'content_type_mismatch' })
    expect(await refusal(await png, { declaredType: 'image/apng' })).toBe('accepted')
  })

  it('a type that the project does not take', async () => {
    expect(await refusal(await png, { limits: { allowedTypes: ['image/jpeg'] } })).toMatchObject({
      code: 'unsupported_media_type',
      details: { actual: 'image/png', allowed: ['image/jpeg'] },
    })
  })

  it('too many pixels by side and by area', async () => {
    expect(await refusal(await png, { limits: { maxSide: 39 } })).toMatchObject({
      code: 'too_many_pixels',
      details: { limit: '39 pixels a side', actual: '40 × 30 pixels' },
    })
    expect(await refusal(await png, { limits: { maxPixels: 1_199 } })).toMatchObject({
      code: 'too_many_pixels',
      details: { limit: '1199 pixels', actual: '40 × 30 pixels' },
    })
  })

  it('too many frames, and too many pixels in all frames', async () => {
    const animation = await drawAnimation(16, 5)
    expect(await refusal(animation, { limits: { maxFrames: 4 } })).toMatchObject({
      code: 'too_many_frames',
      details: { limit: '4 frames', actual: '5 frames' },
    })
    expect(await refusal(animation, { limits: { maxAnimationPixels: 1_279 } })).toMatchObject({
      code: 'too_many_frames',
    })
  })

  it('a GIF whose screen is absurd although its frame is small', async () => {
    const gif = Buffer.from(await drawAnimation(8, 1))
    gif.writeUInt16LE(65_535, 6)
    expect(await refusal(gif)).toMatchObject({ code: 'too_many_pixels', details: { actual: '65535 × 8 pixels' } })
  })

  it('an animation that ends in the middle of a frame, though others are whole', async () => {
    const gif = await drawAnimation(24, 6)
    for (const share of [0.3, 0.5, 0.9])
      expect(await refusal(gif.subarray(0, Math.floor(gif.length * share)))).toMatchObject({ code: 'corrupt_image' })
    const raw = { width: 24, height: 24 * 6, channels: 3 as const, pageHeight: 24 }
    const frames = await sharp(gif, { animated: true }).removeAlpha().raw().toBuffer()
    const webp = await sharp(frames, { raw }).webp({ lossless: true }).toBuffer()
    expect(await refusal(webp.subarray(0, webp.length >> 1))).toMatchObject({ code: 'corrupt_image' })
  })

  it('what is empty, truncated or only begins like an image', async () => {
    const jpeg = await drawScene(200, 200).jpeg().toBuffer()
    for (const bytes of ['', jpeg.subarray(0, jpeg.length / 2), (await png).subarray(0, 200), 'GIF89a'])
      expect(await refusal(Buffer.from(bytes))).toMatchObject({
        kind: 'content',
        code: 'corrupt_image',
        details: { reason: expect.not.stringContaining('/') },
      })
  })

  it('nothing, but asks for more memory where the header says so', async () => {
    const request = await requestFor(await drawScene(500, 500).png({ progressive: true }).toBuffer())
    const job = { request, lanes: 1, memoryLimitBytes: 1024 }
    await expect(renderImage({ ...job, memoryCeilingBytes: 2 ** 30 })).rejects.toThrow(NeedsMoreMemory)
    await expect(renderImage({ ...job, memoryCeilingBytes: 2048 })).rejects.toMatchObject({ code: 'too_many_pixels' })
  })
})
