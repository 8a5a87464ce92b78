import { createHash } from 'node:crypto'
import { Image } from '@calotype/contract'
import { describe, expect, it } from 'vitest'
import { getImage, sendForm, uploadReady } from '../client.ts'
import { eventually } from '../disk.ts'
import { draw, freshJpeg, freshSeed } from '../drawing/photo.ts'
import type { Target } from '../target.ts'

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

export function multipartCases(target: Target): void {
  describe('multipart upload', () => {
    it('answers 202 at once and becomes ready, with its history', async () => {
      const bytes = await freshJpeg()
      const answer = await sendForm(target, { bytes, name: 'roof.jpg' })
      expect(answer.status).toBe(202)
      const image = Image.parse(await answer.json())
      expect(image).toMatchObject({
        status: 'uploaded',
        file_name: 'roof.jpg',
        declared_type: 'image/jpeg',
        size_bytes: bytes.length,
        sha256: sha256(bytes),
        variants: [],
        failure: null,
      })
      expect(image.duplicate).toBeUndefined()
      const ready = await getImage(target, image.id, '?wait=ready')
      expect(ready.status).toBe('ready')
      expect(ready.history.map(entry => entry.status)).toEqual(['uploaded', 'processing', 'ready'])
    })

    it('holds the answer with wait=ready and answers 201 with six variants', async () => {
      const image = await uploadReady(target, await freshJpeg())
      expect(image).toMatchObject({ status: 'ready', width: 240, height: 160, animated: false })
      expect(image.variants).toHaveLength(6)
      expect(image.uploaded_by.kind).toBe('api_key')
      expect(image.placeholder?.color).toMatch(/^#[0-9a-f]{6}$/)
    })

    it.each([
      ['image/png', 'png'],
      ['image/webp', 'webp'],
      ['image/avif', 'avif'],
    ] as const)('takes %s', async (type, format) => {
      const bytes = await draw({ seed: freshSeed() }).toFormat(format).toBuffer()
      const image = await uploadReady(target, bytes, { name: `picture.${format}`, type })
      expect(image).toMatchObject({ status: 'ready', content_type: type })
    })

    it('takes a file that declares no useful type by its content', async () => {
      const image = await uploadReady(target, await freshJpeg(), { type: 'application/octet-stream' })
      expect(image.content_type).toBe('image/jpeg')
    })

    it('answers the same bytes again with 200 and the image that is there', async () => {
      const bytes = await freshJpeg()
      const first = await uploadReady(target, bytes)
      const again = await sendForm(target, { bytes, name: 'another-name.jpg' })
      expect(again.status).toBe(200)
      expect(Image.parse(await again.json())).toMatchObject({ id: first.id, duplicate: true, status: 'ready' })
    })

    it('makes one image of the same bytes sent many times at once', async () => {
      const bytes = await freshJpeg()
      const answers = await Promise.all(Array.from({ length: 6 }, () => sendForm(target, { bytes })))
      expect(answers.map(answer => answer.status).sort()).toEqual([200, 200, 200, 200, 200, 202])
      const images = await Promise.all(answers.map(async answer => Image.parse(await answer.json())))
      expect(new Set(images.map(image => image.id)).size).toBe(1)
    })

    it('takes the bytes of a deleted image again', async () => {
      const bytes = await freshJpeg()
      const first = await uploadReady(target, bytes)
      await fetch(`${target.url}/api/v1/images/${first.id}`, {
        method: 'DELETE',
        headers: { authorization: `Bearer ${target.key}` },
      })
      const again = Image.parse(await (await sendForm(target, { bytes })).json())
      const ready = await eventually(
        () => getImage(target, again.id),
        image => image.status === 'ready',
      )
      expect(ready.variants).toHaveLength(6)
    })

    it('takes fields before and after the file, and ignores unknown ones', async () => {
      const bytes = await freshJpeg()
      const fields = { sha256: sha256(bytes), detection_types: 'damage,rust', whatever: 'x', priority: 'high' }
      const image = Image.parse(await (await sendForm(target, { bytes }, { fields })).json())
      expect(image.analysis.types).toEqual(['damage', 'rust'])
    })

    it('keeps names of any language', async () => {
      const name = 'Dachstuhl – grüße 屋根.jpg'
      const image = await uploadReady(target, await freshJpeg(), { name })
      expect(image.file_name).toBe(name)
    })
  })
}
